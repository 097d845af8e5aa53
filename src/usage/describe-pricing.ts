import { divideHalfUp, formatUsd } from './nano-usd.ts';
import { type Pricing, ratesFor } from './pricing.ts';
import { RATE_ROWS, type RateRow } from './rate-table.ts';

const FULL_BASIS_POINTS = 10_000n;
const THOUSAND = 1_000n;

/** Where the config names prices of things that are not tokens. */
const UNITS = 'units.';

/**
 * A pricing in words for people and clients: US dollars per 1,000 tokens of every rate that is not its
 * fallback's or what a named one covers, the discount taken off. What is billed by the piece has the name and
 * the amount of its key under `units` in the config, such as `audio_second`, to the nearest nano-dollar.
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
    const discounted = (rate * share) / FULL_BASIS_POINTS;
    if (row.key?.startsWith(UNITS)) {
      described[row.key.slice(UNITS.length)] = formatUsd(asKeyBuys(discounted, row));
    } else described[name] = formatUsd(discounted);
  }
  return described;
}

/** The price of as many as the config's key means. */
function asKeyBuys(rate: bigint, { per = THOUSAND, keyBuys = per }: RateRow): bigint {
  return divideHalfUp(rate * keyBuys, per);
}
