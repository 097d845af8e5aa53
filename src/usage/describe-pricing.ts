import { formatUsd } from './nano-usd.ts';
import { type Pricing, ratesFor } from './pricing.ts';
import { RATE_ROWS } from './rate-table.ts';

const FULL_BASIS_POINTS = 10_000n;

/**
 * A pricing in words for people and clients: US dollars per 1,000 tokens (or per piece) of every rate
 * that is not its fallback's or what a named one covers, the discount taken off.
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
    const covering = row.coveredBy === undefined ? null : rates[row.coveredBy];
    if (rate === null || rate === inherited || rate === covering) continue;
    described[name] = formatUsd((rate * share) / FULL_BASIS_POINTS);
  }
  return described;
}
