import type { TokenBucket, TokenUsage } from '../../src/core/token-usage.ts';

type Tokens = Pick<TokenUsage, 'tokens'>['tokens'];

/** Only the buckets that hold something; null for no usage. */
export function nonzeroTokens(
  usage: { tokens: Tokens } | null,
): Partial<Record<TokenBucket, number>> | null {
  if (usage === null) return null;
  return Object.fromEntries(Object.entries(usage.tokens).filter(([, tokens]) => tokens > 0));
}
