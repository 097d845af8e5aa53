import { divideHalfUp } from './nano-usd.ts';
import { RATE_ROWS, type RateName } from './rate-table.ts';

/** Rates as someone named them: nanos per what the rate's row says, fallbacks not yet applied. */
export type NamedRates = Partial<Record<RateName, bigint>>;

/** One set of prices as written. */
export interface RateSheet {
  named: NamedRates;
  /** Billionths of a percent that cached input is cheaper than fresh input. */
  cachedDiscount: bigint | undefined;
}

/** A whole price as written in the config or the price list: a base, and tiers for long input. */
export interface PriceSheet extends RateSheet {
  tiers: readonly (RateSheet & { aboveInputTokens: number })[];
}

/** Every rate with its fallback applied; null where nothing names a price. */
export type Rates = Readonly<Record<RateName, bigint | null>>;

/** Which of a pricing's rates apply: embeddings have their own rate for input text. */
export type BillingKind = 'tokens' | 'embeddings';

type RatesByKind = Readonly<Record<BillingKind, Rates>>;

interface Tier extends RatesByKind {
  readonly aboveInputTokens: number;
}

/** What calls cost at one endpoint, ready to multiply. Immutable. */
export interface Pricing {
  /** Where the rates come from: `config`, or `list: ` and the entry of the price list. */
  readonly source: string;
  readonly base: RatesByKind;
  /** Rates for long input, highest threshold first. */
  readonly tiers: readonly Tier[];
}

const FULL_PERCENT = 100n * 10n ** 9n;

/** Resolves every fallback (MON-3), so that pricing a call is only multiplication. */
export function compilePricing(sheet: PriceSheet, source: string): Pricing {
  const tiers = sheet.tiers.map((tier) => ({
    aboveInputTokens: tier.aboveInputTokens,
    ...resolveKinds({
      named: { ...sheet.named, ...tier.named },
      cachedDiscount: tier.cachedDiscount ?? sheet.cachedDiscount,
    }),
  }));
  tiers.sort((left, right) => right.aboveInputTokens - left.aboveInputTokens);
  return { source, base: resolveKinds(sheet), tiers };
}

function resolveKinds(sheet: RateSheet): RatesByKind {
  const tokens = resolveRates(sheet);
  const inputText = tokens.embeddings;
  const isSame = inputText === null || inputText === tokens.input_text;
  if (isSame) return { tokens, embeddings: tokens };
  const named = { ...sheet.named, input_text: inputText };
  return { tokens, embeddings: resolveRates({ ...sheet, named }) };
}

/**
 * Copies of a prototype keep V8's fast shape: a sixth of the size of an object that grows key by key, which
 * becomes a dictionary. A config can have 10,000 of them.
 */
const UNRATED = Object.fromEntries(RATE_ROWS.map(([name]) => [name, null])) as Rates;

function resolveRates({ named, cachedDiscount = 0n }: RateSheet): Rates {
  const rates: Record<RateName, bigint | null> = { ...UNRATED };
  for (const [name, { coveredBy, fallback, cached }] of RATE_ROWS) {
    const inherited = fallback === undefined ? null : rates[fallback];
    rates[name] =
      named[name] ??
      (coveredBy && named[coveredBy]) ??
      (cached === true ? discounted(inherited, cachedDiscount) : inherited);
  }
  return rates;
}

function discounted(rate: bigint | null, percent: bigint): bigint | null {
  return rate === null ? null : divideHalfUp(rate * (FULL_PERCENT - percent), FULL_PERCENT);
}

/** The rates that a request of this many input tokens, cached included, pays throughout. */
export function ratesFor(pricing: Pricing, kind: BillingKind, inputTokens: number): Rates {
  const tier = pricing.tiers.find((each) => inputTokens > each.aboveInputTokens);
  return (tier ?? pricing.base)[kind];
}
