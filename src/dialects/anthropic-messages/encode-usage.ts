import {
  CACHE_READ_BUCKETS,
  sumTokens,
  type TokenUsage,
  totalOutput,
} from '../../core/token-usage.ts';
import { DEFAULT_BYTES_PER_TOKEN } from '../ir/estimate-tokens.ts';
import type { JsonObject } from '../json-object.ts';

const FRESH = ['inText', 'inImage', 'inAudio', 'inVideo', 'inDocument', 'toolPrompt'] as const;

/** Neutral words for the billed tier → this API's words; other tiers have none. */
const TIERS: ReadonlyMap<string | undefined, string> = new Map([
  ['default', 'standard'],
  ['standard', 'standard'],
  ['auto', 'standard'],
  ['fast', 'standard'],
  ['priority', 'priority'],
  ['batch', 'batch'],
]);

/** Usage in the form of a message: tokens read from or written to a cache are counted beside the input. */
export function encodeUsage({ tokens, units }: TokenUsage, tier: string | undefined): JsonObject {
  const written5m = tokens.cacheWrite5m + tokens.cacheWrite30m;
  const written1h = tokens.cacheWrite1h + tokens.cacheWrite12h;
  const { webSearch = 0, webFetch = 0 } = units;
  return {
    input_tokens: sumTokens(tokens, FRESH),
    cache_creation_input_tokens: written5m + written1h,
    cache_read_input_tokens: sumTokens(tokens, CACHE_READ_BUCKETS),
    cache_creation: {
      ephemeral_5m_input_tokens: written5m,
      ephemeral_1h_input_tokens: written1h,
    },
    output_tokens: totalOutput(tokens),
    output_tokens_details: tokens.reasoning > 0 ? { thinking_tokens: tokens.reasoning } : null,
    server_tool_use:
      webSearch + webFetch > 0
        ? { web_search_requests: webSearch, web_fetch_requests: webFetch }
        : null,
    service_tier: TIERS.get(tier) ?? null,
    speed: tier === 'fast' ? 'fast' : null,
    inference_geo: null,
  };
}

/** Usage before the upstream has reported any: the input is estimated, because clients show it. */
export function estimatedUsage(inputTokens: number, outputTokens: number): JsonObject {
  return {
    input_tokens: Math.max(1, inputTokens),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: Math.max(1, outputTokens),
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: null,
    speed: null,
    inference_geo: null,
  };
}

/** Estimated tokens of an answer whose upstream reported no usage. */
export function estimateOutput(texts: readonly string[]): number {
  const bytes = texts.reduce((total, text) => total + Buffer.byteLength(text), 0);
  return Math.ceil(bytes / DEFAULT_BYTES_PER_TOKEN);
}
