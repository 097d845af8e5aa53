import type { ModelInfo, ModelPrice, Provider, TieredPrices } from '@pydantic/genai-prices';
import { divideHalfUp, parseDecimal } from './nano-usd.ts';
import { compilePricing, type NamedRates, type PriceSheet, type Pricing } from './pricing.ts';
import { RATE_ROWS } from './rate-table.ts';

/** What the bundled list is asked: an upstream, its model, and the moment of the call. */
export interface PriceQuery {
  /** The list's own name for the provider, used where the URL is not one that the list knows. */
  provider: string | null;
  baseUrl: string;
  slug: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** What the bundled list charges for a model. */
export interface ListPrice {
  pricing: Pricing;
  /** The provider and entry that matched: a pattern may match a newer model than it was made for. */
  matched: string;
  /** When the list changes this price, in milliseconds since the epoch; null = not foreseen. */
  changesAt: number | null;
}

/** Which list is asked. */
export interface PriceListFacts {
  source: 'bundled' | 'fetched';
  /** When the list was of this state, as an ISO time. */
  asOf: string;
  /** Why a fetched list that lies there is not asked; null where there is none, or it is. */
  ignored: string | null;
}

/** A price list. */
export interface PriceList {
  readonly facts: PriceListFacts;
  /**
   * Null where the list does not know the model, or charges for something that is not counted.
   * Minimum charges, such as Groq's ten seconds of audio, are not in the list.
   */
  find(query: PriceQuery): ListPrice | null;
}

/**
 * What a price buys, by the end of its key.
 * https://github.com/pydantic/genai-prices/blob/main/prices/units.yml
 */
const MEASURES: Readonly<Record<string, bigint>> = {
  mtok: 1_000_000n,
  kcount: 1_000n,
  hours: 3_600_000n,
};

/** Fees for searches in the provider's own file store, which no upstream reports as usage. */
const IGNORED_KEYS: ReadonlySet<string> = new Set(['storage_searches_kcount']);

const KNOWN_KEYS: ReadonlySet<string> = new Set(RATE_ROWS.flatMap(([, row]) => row.list ?? []));

/** Enough for every digit of a double that is a price. */
const DECIMALS = 30;

/** When the bundled version of the list was published; a test holds it against the package. */
export const BUNDLED_LIST = { version: '0.1.8', asOf: '2026-09-23T10:11:04Z' };

/** The package has one list for the process: the bundled one, kept while another is in its place. */
let displaced: Provider[] | undefined;

/**
 * Loads the list, which is large: call it only when a model needs it. A fetched list, as the text of
 * its file, takes the place of the bundled one where it is newer and can be read.
 */
export async function loadPriceList(fetched?: string): Promise<PriceList> {
  const { calcPrice, findProvider, updatePrices, waitForUpdate } = await import(
    '@pydantic/genai-prices'
  );
  const use = (providers: Provider[]) =>
    updatePrices(({ setProviderData }) => setProviderData(providers));
  const own = await waitForUpdate();
  const facts = await chooseList(fetched, use);
  if (facts.source === 'fetched') displaced ??= own ?? [];
  else if (displaced !== undefined) use(displaced);
  return {
    facts,
    find({ provider, baseUrl, slug, at }) {
      const providerId = findProvider({ providerApiUrl: baseUrl })?.id ?? provider;
      if (providerId === null) return null;
      // Only the matching is wanted: the sums that the library makes are in floating point.
      const found = calcPrice({}, slug, { providerId, timestamp: new Date(at) });
      const sheet = found && toSheet(found.model.id, found.model_price);
      if (!found || !sheet) return null;
      const matched = `${found.provider.id}/${found.model.id}`;
      const pricing = compilePricing(sheet, `list: ${matched}`);
      return { pricing, matched, changesAt: nextChange(found.model.prices, at) };
    },
  };
}

async function chooseList(
  fetched: string | undefined,
  use: (providers: Provider[]) => void,
): Promise<PriceListFacts> {
  const own = { source: 'bundled', asOf: BUNDLED_LIST.asOf, ignored: null } as const;
  if (fetched === undefined) return own;
  const { parsePriceFile } = await import('./price-file.ts');
  try {
    const { as_of: asOf, providers } = parsePriceFile(fetched);
    if (!isNewerThanBundled(asOf)) {
      return { ...own, ignored: `it is of ${asOf}, older than the bundled list` };
    }
    use(providers as Provider[]);
    return { source: 'fetched', asOf, ignored: null };
  } catch (error) {
    return { ...own, ignored: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether a list of that ISO time would be asked in place of the bundled one. */
export function isNewerThanBundled(asOf: string): boolean {
  return Date.parse(asOf) > Date.parse(BUNDLED_LIST.asOf);
}

function toSheet(modelId: string, price: ModelPrice): PriceSheet | null {
  const keys = Object.keys(price).filter((key) => !IGNORED_KEYS.has(key));
  if (keys.some((key) => !KNOWN_KEYS.has(key))) return null;
  if (keys.length === 0) return modelId.endsWith(':free') ? freeSheet() : null;
  const starts = keys.flatMap((key) => tiersOf(price[key]).map(({ start }) => start));
  return {
    named: readRates(price, 0),
    cachedDiscount: undefined,
    tiers: [...new Set(starts)].map((start) => ({
      named: readRates(price, start + 1),
      cachedDiscount: undefined,
      aboveInputTokens: start,
    })),
  };
}

function freeSheet(): PriceSheet {
  return { named: { input_text: 0n, output_text: 0n }, cachedDiscount: undefined, tiers: [] };
}

function tiersOf(price: number | TieredPrices | undefined): TieredPrices['tiers'] {
  return typeof price === 'object' ? price.tiers : [];
}

function readRates(price: ModelPrice, inputTokens: number): NamedRates {
  const named: NamedRates = {};
  for (const [name, { list = [], per = 1_000n }] of RATE_ROWS) {
    const key = list.find((each) => price[each] !== undefined);
    const usd = key === undefined ? undefined : priceAt(price[key], inputTokens);
    if (key !== undefined && usd !== undefined) named[name] = toNanos(usd, key, per);
  }
  return named;
}

function priceAt(
  price: number | TieredPrices | undefined,
  inputTokens: number,
): number | undefined {
  if (typeof price !== 'object') return price;
  return price.tiers.reduce((chosen, tier) => (inputTokens > tier.start ? tier : chosen), {
    price: price.base,
    start: -1,
  }).price;
}

/** Exact for up to six decimals per million tokens; the list's few longer ones round half up. */
function toNanos(usd: number, key: string, per: bigint): bigint {
  const buys = MEASURES[key.slice(key.lastIndexOf('_') + 1)] ?? 1n;
  const scaled = parseDecimal(usd, DECIMALS) * per;
  return divideHalfUp(scaled, buys * 10n ** BigInt(DECIMALS - 9));
}

/** The next moment at which a dated or time-of-day price of the model begins or ends. */
function nextChange(prices: ModelInfo['prices'], at: number): number | null {
  if (!Array.isArray(prices)) return null;
  const moments = prices.flatMap(({ constraint }) => {
    if (constraint === undefined) return [];
    if (constraint.type === 'start_date') return [Date.parse(constraint.start_date)];
    return [constraint.start_time, constraint.end_time].flatMap((time) => daily(time, at));
  });
  const coming = moments.filter((moment) => moment > at);
  return coming.length === 0 ? null : Math.min(...coming);
}

function daily(time: string, at: number): number[] {
  // With the days beside it: the time may carry a zone in which the date is another one.
  return [-1, 0, 1].map((days) => {
    const day = new Date(at + days * 86_400_000).toISOString().slice(0, 10);
    return Date.parse(`${day}T${time}`);
  });
}
