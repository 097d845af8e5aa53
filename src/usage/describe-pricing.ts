import { formatUsd } from './nano-usd.ts';
import { type Pricing, ratesFor } from './pricing.ts';
import { RATE_ROWS } from './rate-table.ts';

const FULL_BASIS_POINTS = 10_000n;

/**
 * A pricing in words for people and clients: US dollars per 1,000 tokens (or per piece) of every rate
 * that is not its fallback's, the discount taken off.
 */
export function describePricing(
  pricing: Pricing,
  discountBasisPoints: number,
): Record<string, string> {
  const rates = ratesFor(pricing, 'tokens', 0);
  const share = FULL_BASIS_POINTS - BigInt(discountBasisPoints);
  const described: Record<string, string> = {};
  for (const [name, row] of RATE_ROWS) {
    const rate = rates[name];
    const inherited = row.fallback === undefined ? null : rates[row.fallback];
    if (rate === null || rate === inherited) continue;
    described[name] = formatUsd((rate * share) / FULL_BASIS_POINTS);
  }
  return described;
}
