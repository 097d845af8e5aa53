import { OUTPUT_BUCKETS } from '../core/token-usage.ts';
import { divideHalfUp } from './nano-usd.ts';
import { type BillingKind, type Pricing, type Rates, ratesFor } from './pricing.ts';
import { TOKEN_ROWS } from './rate-table.ts';

/** A call that has not happened yet; its numbers of tokens are finite guesses or limits. */
export interface CallEstimate {
  pricing: Pricing;
  kind: BillingKind;
  inputTokens: number;
  outputTokens: number;
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

/** The most that so many tokens can cost, whatever kind they turn out to be (BUD-2), or null. */
export function worstCaseCost(call: CallEstimate): bigint | null {
  const rates = ratesOf(call);
  const input = dearest(rates, INPUT_ROWS);
  const nanos = costAt(call, { input, output: dearest(rates, OUTPUT_ROWS) });
  return nanos === null || nanos === 0n ? nanos : nanos + ROUNDING;
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
