import {
  type ExtraUsage,
  filledBuckets,
  type TokenUsage,
  totalInput,
} from '../core/token-usage.ts';
import { divideHalfUp } from './nano-usd.ts';
import { type BillingKind, type Pricing, type Rates, ratesFor } from './pricing.ts';
import { type CountedRow, TOKEN_ROW, TOKEN_ROWS, UNIT_ROW } from './rate-table.ts';
import type { CostReason } from './usage-record.ts';

/** Nanos of one billing line, such as `input_text`. */
export type BillingLine = readonly [name: string, nanos: bigint];

/** What one call cost: the total is the sum of the lines, or null with the reason. */
export interface Cost {
  readonly total: bigint | null;
  readonly reason: CostReason | undefined;
  readonly lines: readonly BillingLine[];
}

/** A call to be priced; without usage or pricing its cost is unknown, never zero (MON-4). */
export interface PriceRequest {
  usage: TokenUsage | null;
  pricing: Pricing | null;
  kind: BillingKind;
  /** Hundredths of a percent off, applied last (ROU-8). */
  discountBasisPoints: number;
  /** The pricing of tokens that another model used inside the call; absent = none is known. */
  pricingOfExtra?: (extra: ExtraUsage) => Pricing | null;
}

const UNPRICED: Cost = { total: null, reason: 'unpriced', lines: [] };
const USAGE_UNKNOWN: Cost = { total: null, reason: 'usage_unknown', lines: [] };

/**
 * The cost of a call (MON-2): each line is count × rate ÷ the rate's measure, less the discount,
 * rounded half up once. Counts that are no whole numbers make the cost unknown; it never throws.
 *
 * A token without a rate makes the cost unknown. A piece without a rate does so only where nothing
 * else of the call has one: a pricing by the token does not have to name a price for every image,
 * and a pricing by the piece alone bills the pieces and ignores the tokens. Where tokens have a rate, pieces
 * that they are made of are not billed again.
 */
export function priceUsage(request: PriceRequest): Cost {
  const { usage, pricing, kind, discountBasisPoints } = request;
  if (pricing === null) return UNPRICED;
  if (usage === null) return USAGE_UNKNOWN;
  const bill = createBill(discountBasisPoints);
  const rates = ratesFor(pricing, kind, pricing.tiers.length > 0 ? totalInput(usage.tokens) : 0);
  const unratedTokens = bill.add(TOKEN_ROW, usage.tokens, rates);
  const units = bill.lines.length > 0 ? besideTokens(usage.units) : usage.units;
  const unratedPieces = bill.add(UNIT_ROW, units, rates);
  const isBilled = bill.lines.length > 0;
  if (unratedPieces > 0 && !isBilled) return UNPRICED;
  if (unratedTokens > 0 && !(isBilled && isByThePiece(rates))) return UNPRICED;
  for (const extra of usage.extra) {
    if (addExtra(bill, extra, request) > 0) return UNPRICED;
  }
  return bill.close();
}

/** Adds what another model used and returns how many of its buckets have no price. */
function addExtra(bill: Bill, extra: ExtraUsage, { pricingOfExtra }: PriceRequest): number {
  if (filledBuckets(extra.tokens).length === 0) return 0;
  const pricing = pricingOfExtra?.(extra) ?? null;
  if (pricing === null) return 1;
  const rates = ratesFor(pricing, 'tokens', totalInput(extra.tokens));
  return bill.add(TOKEN_ROW, extra.tokens, rates, `${extra.kind}.`);
}

/** The pieces that no token of the same answer stands for. */
function besideTokens({ webSearch = 0, webFetch = 0 }: TokenUsage['units']) {
  return { webSearch, webFetch };
}

function isByThePiece(rates: Rates): boolean {
  return TOKEN_ROWS.every(({ name }) => rates[name] === null);
}

type Bill = ReturnType<typeof createBill>;

/** Collects the lines of one call. */
function createBill(discountBasisPoints: number) {
  const lines: [name: string, nanos: bigint][] = [];
  const share = 10_000n - BigInt(discountBasisPoints);
  let isCountable = true;

  function addLine(name: string, nanos: bigint): void {
    const line = lines.find(([existing]) => existing === name);
    if (line === undefined) lines.push([name, nanos]);
    else line[1] += nanos;
  }

  return {
    lines,

    /** Bills every count that has a rate and returns how many have none. */
    add<Count extends string>(
      rows: Readonly<Record<Count, CountedRow<Count>>>,
      counted: Readonly<Partial<Record<Count, number>>>,
      rates: Rates,
      prefix = '',
    ): number {
      let unrated = 0;
      for (const counts in counted) {
        const count = counted[counts] ?? 0;
        if (count === 0) continue;
        const { name, per } = rows[counts];
        const rate = rates[name];
        if (!Number.isSafeInteger(count) || count < 0) isCountable = false;
        else if (rate === null) unrated++;
        else addLine(prefix + name, divideHalfUp(BigInt(count) * rate * share, per * 10_000n));
      }
      return unrated;
    },

    close(): Cost {
      if (!isCountable) return USAGE_UNKNOWN;
      let total = 0n;
      for (const [, nanos] of lines) total += nanos;
      return { total, reason: undefined, lines };
    },
  };
}
