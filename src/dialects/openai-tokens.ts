import type { TokenUsage } from '../core/token-usage.ts';
import { asObject, type JsonObject } from './json-object.ts';
import { createUsageBuilder, reportsAny, type Share, type UsageBuilder } from './usage-builder.ts';

/** How an OpenAI API names input and output. */
interface DirectionNames {
  input: string;
  inputDetails: string;
  output: string;
  outputDetails: string;
  /** Both. */
  totals: readonly string[];
}

function nameDirections(input: string, output: string): DirectionNames {
  return {
    input: `${input}_tokens`,
    inputDetails: `${input}_tokens_details`,
    output: `${output}_tokens`,
    outputDetails: `${output}_tokens_details`,
    totals: [`${input}_tokens`, `${output}_tokens`],
  };
}

/** The names of chat completions, and of most APIs that copy them. */
export const PROMPT_AND_COMPLETION = nameDirections('prompt', 'completion');

/** The names of the Responses API. */
export const INPUT_AND_OUTPUT = nameDirections('input', 'output');

const TOTAL = ['total_tokens'];

/**
 * Tokens of a usage object in OpenAI's terms, where cached, written and media tokens are slices of the
 * input and reasoning is a slice of the output; null if it counts nothing.
 */
export function readOpenAiTokens(report: JsonObject, names: DirectionNames): TokenUsage | null {
  const hasDirections = reportsAny(report, names.totals);
  if (!hasDirections && !reportsAny(report, TOTAL)) return null;
  const builder = createUsageBuilder();
  const { count, allot } = builder;

  // Embedding APIs such as Voyage's report a total alone: https://docs.voyageai.com/reference/embeddings-api
  const input = count(report[hasDirections ? names.input : 'total_tokens']);
  allot(input, inputShares(builder, report, asObject(report[names.inputDetails])), 'inText');

  const output = count(report[names.output]);
  const details = asObject(report[names.outputDetails]);
  const reasoning = count(details['reasoning_tokens']);
  // xAI counts reasoning beside the completion, and only its total tells:
  // https://docs.x.ai/docs/key-information/consumption-and-rate-limits
  const isReasoningApart = report['total_tokens'] === input + output + reasoning;
  allot(
    isReasoningApart ? output + reasoning : output,
    [
      ['reasoning', reasoning],
      ['outAudio', count(details['audio_tokens'])],
      ['outImage', count(details['image_tokens'])],
    ],
    'outText',
  );
  return builder.usage;
}

/** The order decides what is cut from a report that does not add up: media first, then cache writes. */
function inputShares({ count }: UsageBuilder, report: JsonObject, details: JsonObject): Share[] {
  const lifetimes = asObject(details['cache_write_tokens_details']);
  const written12h = count(lifetimes['ttl_12h_tokens']);
  const written30m = count(lifetimes['ttl_30m_tokens']);
  const written = Math.max(count(details['cache_write_tokens']), written12h + written30m);
  return [
    ['cacheReadText', count(cachedTokens(report, details))],
    ['cacheWrite12h', written12h],
    ['cacheWrite30m', written - written12h],
    ['inAudio', count(details['audio_tokens'])],
    ['inImage', count(details['image_tokens'])],
    ['inVideo', count(details['video_tokens'])],
  ];
}

function cachedTokens(report: JsonObject, details: JsonObject): unknown {
  return (
    details['cached_tokens'] ??
    // https://api-docs.deepseek.com/guides/kv_cache
    report['prompt_cache_hit_tokens'] ??
    // https://platform.moonshot.ai/docs/api/chat
    report['cached_tokens']
  );
}
