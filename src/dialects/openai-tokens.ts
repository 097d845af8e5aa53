import type { TokenUsage } from '../core/token-usage.ts';
import { asObject, type JsonObject } from './json-object.ts';
import { createUsageBuilder, reportsAny, type UsageBuilder } from './usage-builder.ts';

/** What an OpenAI API calls the two directions: `prompt` and `completion`, or `input` and `output`. */
export interface DirectionNames {
  input: string;
  output: string;
}

/**
 * Tokens of a usage object in OpenAI's terms, where cached, written and media tokens are slices of the
 * input and reasoning is a slice of the output; null if it counts nothing.
 */
export function readOpenAiTokens(report: JsonObject, names: DirectionNames): TokenUsage | null {
  const { input, output } = names;
  if (!reportsAny(report, [`${input}_tokens`, `${output}_tokens`, 'total_tokens'])) return null;
  const builder = createUsageBuilder();
  const inputTokens = readInputTotal(builder, report, names);
  allotInput(builder, report, { total: inputTokens, side: input });
  allotOutput(builder, report, { total: inputTokens, side: output });
  return builder.usage;
}

interface Side {
  /** All input tokens. */
  total: number;
  /** The direction's name. */
  side: string;
}

function readInputTotal(builder: UsageBuilder, report: JsonObject, names: DirectionNames): number {
  // Embedding APIs such as Voyage's report a total alone: https://docs.voyageai.com/reference/embeddings-api
  const hasDirections = reportsAny(report, [`${names.input}_tokens`, `${names.output}_tokens`]);
  return builder.count(report[hasDirections ? `${names.input}_tokens` : 'total_tokens']);
}

function allotInput(builder: UsageBuilder, report: JsonObject, { total, side }: Side): void {
  const details = asObject(report[`${side}_tokens_details`]);
  const writes = asObject(details['cache_write_tokens_details']);
  const written12h = builder.count(writes['ttl_12h_tokens']);
  const written30m = builder.count(writes['ttl_30m_tokens']);
  const written = Math.max(builder.count(details['cache_write_tokens']), written12h + written30m);
  builder.allot(
    total,
    [
      ['cacheReadText', readCached(builder, report, details)],
      ['cacheWrite12h', written12h],
      ['cacheWrite30m', written - written12h],
      ['inAudio', builder.count(details['audio_tokens'])],
      ['inImage', builder.count(details['image_tokens'])],
      ['inVideo', builder.count(details['video_tokens'])],
    ],
    'inText',
  );
}

function readCached(builder: UsageBuilder, report: JsonObject, details: JsonObject): number {
  return builder.count(
    details['cached_tokens'] ??
      // https://api-docs.deepseek.com/guides/kv_cache
      report['prompt_cache_hit_tokens'] ??
      // https://platform.moonshot.ai/docs/api/chat
      report['cached_tokens'],
  );
}

function allotOutput(builder: UsageBuilder, report: JsonObject, { total, side }: Side): void {
  const details = asObject(report[`${side}_tokens_details`]);
  const reported = builder.count(report[`${side}_tokens`]);
  const reasoning = builder.count(details['reasoning_tokens']);
  // xAI counts reasoning beside the completion; only its total tells:
  // https://docs.x.ai/docs/key-information/consumption-and-rate-limits
  const isReasoningApart = report['total_tokens'] === total + reported + reasoning;
  builder.allot(
    isReasoningApart ? reported + reasoning : reported,
    [
      ['reasoning', reasoning],
      ['outAudio', builder.count(details['audio_tokens'])],
      ['outImage', builder.count(details['image_tokens'])],
    ],
    'outText',
  );
}
