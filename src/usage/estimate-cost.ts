import { OUTPUT_BUCKETS, type UnitKind } from '../core/token-usage.ts';
import { divideHalfUp } from './nano-usd.ts';
import { type BillingKind, type Pricing, type Rates, ratesFor } from './pricing.ts';
import { TOKEN_ROWS, UNIT_ROWS } from './rate-table.ts';

/** A call that has not happened yet; its numbers of tokens are finite guesses or limits. */
export interface CallEstimate {
  pricing: Pricing;
  kind: BillingKind;
  inputTokens: number;
  outputTokens: number;
  /** Pieces that the call is to make, where the worst case is asked for. */
  units?: Readonly<Partial<Record<UnitKind, number>>>;
  /** Hundredths of a percent off. */
  discountBasisPoints: number;
}

const OUTPUT_ROWS = TOKEN_ROWS.filter(({ counts }) => OUTPUT_BUCKETS.includes(counts));
const INPUT_ROWS = TOKEN_ROWS.filter((row) => !OUTPUT_ROWS.includes(row));

/** What the rounding of its lines can add to a call, in nanos. */
const ROUNDING = BigInt(TOKEN_ROWS.length);

/** Nanos of the call as fresh text (ROU-3); null where a direction it uses has no price. */
export function estimateCost(call: CallEstimate): bigint | null {
  const { input_text: input, output_text: output } = ratesOf(call);
  return costAt(call, { input, output });
}

/**
 * The most that so many tokens and pieces can cost, whatever kind the tokens turn out to be (BUD-2); null
 * where a direction that it uses has no price. A pricing by the piece alone does not bill tokens.
 */
export function worstCaseCost(call: CallEstimate): bigint | null {
  const { input, output, isByThePiece, rates } = dearestOf(call);
  const tokens = isByThePiece ? 0n : costAt(call, { input, output });
  if (tokens === null) return null;
  const nanos = tokens + (call.units === undefined ? 0n : costOfUnits(call.units, rates));
  return nanos === 0n ? nanos : nanos + ROUNDING;
}

interface DearestRates {
  input: bigint | null;
  output: bigint | null;
  isByThePiece: boolean;
  rates: Rates;
}

/** A budget asks with every call, and the answer is always the same. */
const dearestRates = new WeakMap<Rates, DearestRates>();

function dearestOf(call: CallEstimate): DearestRates {
  const rates = ratesOf(call);
  const known = dearestRates.get(rates);
  if (known) return known;
  const input = dearest(rates, INPUT_ROWS);
  const output = dearest(rates, OUTPUT_ROWS);
  const hasPieces = UNIT_ROWS.some(({ name }) => rates[name] !== null);
  const isByThePiece = input === null && output === null && hasPieces;
  const found = { input, output, isByThePiece, rates };
  dearestRates.set(rates, found);
  return found;
}

/** Before any discount, which only makes it less. */
function costOfUnits(units: NonNullable<CallEstimate['units']>, rates: Rates): bigint {
  let nanos = 0n;
  for (const { name, counts, per } of UNIT_ROWS) {
    const rate = rates[name];
    const count = units[counts];
    if (count !== undefined && rate !== null) nanos += (BigInt(Math.ceil(count)) * rate) / per + 1n;
  }
  return nanos;
}

function ratesOf({ pricing, kind, inputTokens }: CallEstimate): Rates {
  return ratesFor(pricing, kind, inputTokens);
}

function dearest(rates: Rates, rows: typeof TOKEN_ROWS): bigint | null {
  return rows.reduce<bigint | null>((highest, { name }) => {
    const rate = rates[name];
    return rate !== null && (highest === null || rate > highest) ? rate : highest;
  }, null);
}

function costAt(
  { inputTokens, outputTokens, discountBasisPoints }: CallEstimate,
  rates: { input: bigint | null; output: bigint | null },
): bigint | null {
  const input = multiply(inputTokens, rates.input);
  const output = multiply(outputTokens, rates.output);
  if (input === null || output === null) return null;
  return divideHalfUp((input + output) * (10_000n - BigInt(discountBasisPoints)), 10_000_000n);
}

/** In thousandths of a nano, as rates are by the thousand tokens. */
function multiply(tokens: number, rate: bigint | null): bigint | null {
  if (tokens === 0) return 0n;
  return rate === null ? null : BigInt(Math.ceil(tokens)) * rate;
}
