import type { TokenUsage } from '../core/token-usage.ts';
import { asObject, type JsonObject } from './json-object.ts';
import { createUsageBuilder, reportsAny } from './usage-builder.ts';

/**
 * Usage that OpenAI's image models report: the input is text and images, the output is images unless the
 * details say otherwise. Null if the report has no counts.
 */
export function readImageTokens(report: JsonObject): TokenUsage | null {
  if (!reportsAny(report, ['input_tokens', 'output_tokens'])) return null;
  const { usage, count, allot } = createUsageBuilder();
  const input = asObject(report['input_tokens_details']);
  const cached = asObject(report['cached_tokens_details']);
  const output = asObject(report['output_tokens_details']);
  const cachedImage = count(cached['cached_image_tokens']);
  allot(
    count(report['input_tokens']),
    [
      ['cacheReadText', count(cached['cached_text_tokens'])],
      ['cacheReadImage', cachedImage],
      ['inImage', Math.max(count(input['image_tokens']) - cachedImage, 0)],
    ],
    'inText',
  );
  allot(count(report['output_tokens']), [['outText', count(output['text_tokens'])]], 'outImage');
  return usage;
}
