import {
  CACHE_READ_BUCKETS,
  CACHE_WRITE_BUCKETS,
  sumTokens,
  type TokenUsage,
  totalInput,
  totalOutput,
} from '../../core/token-usage.ts';
import type { JsonObject } from '../json-object.ts';

/**
 * The `usage` of a response: cached and written tokens are part of the input, reasoning is part of the output.
 * Null if the upstream reported none.
 */
export function encodeResponsesUsage(usage: TokenUsage | undefined): JsonObject | null {
  if (usage === undefined) return null;
  const { tokens } = usage;
  const input_tokens = totalInput(tokens);
  const output_tokens = totalOutput(tokens);
  return {
    input_tokens,
    input_tokens_details: {
      cached_tokens: sumTokens(tokens, CACHE_READ_BUCKETS),
      cache_write_tokens: sumTokens(tokens, CACHE_WRITE_BUCKETS),
    },
    output_tokens,
    output_tokens_details: { reasoning_tokens: tokens.reasoning },
    total_tokens: input_tokens + output_tokens,
  };
}
