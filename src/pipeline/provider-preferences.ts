import type { Endpoint, Model } from '../catalog/catalog.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { isObject } from '../dialects/json-object.ts';
import { parseUsd } from '../usage/nano-usd.ts';
import { ratesFor } from '../usage/pricing.ts';
import type { RateName } from '../usage/rate-table.ts';
import { type CallRequest, readField } from './read-request.ts';

/** The profiles by the words of `provider.sort`. */
const SORTS = { price: 'cost', latency: 'latency', throughput: 'throughput' } as const;

/** What a request's `provider` field asks of the choice of endpoints (ROU-9). */
export interface ProviderPreferences {
  sort: (typeof SORTS)[keyof typeof SORTS] | null;
  /** Providers to try first, in this order. */
  order: readonly string[];
  /** Providers that may be used; null = all. */
  only: readonly string[] | null;
  ignore: readonly string[];
  allowFallbacks: boolean;
  /** Highest nanos per million tokens, of input and of output; null = any. */
  maxPrice: { prompt: bigint | null; completion: bigint | null };
}

const FIELDS = ['sort', 'order', 'only', 'ignore', 'allow_fallbacks', 'max_price'];
const PRICES = ['prompt', 'completion'];

/**
 * Reads the `provider` field of a body; null where there is none, and for a model with one endpoint,
 * whose body goes as it is. Throws 400 for what it is not.
 */
export function readPreferences(request: CallRequest, model: Model): ProviderPreferences | null {
  if (model.endpoints.length < 2) return null;
  const field = readField(request, 'provider');
  if (field === undefined || field === null) return null;
  if (!isObject(field)) throw invalid('provider', 'an object');
  const unknown = Object.keys(field).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    throw new GatewayError(
      'invalid_request',
      `\`provider.${unknown}\` is not known; there are ${FIELDS.join(', ')}.`,
      { param: `provider.${unknown}` },
    );
  }
  return {
    sort: readSort(field['sort']),
    order: readNames(field['order'], 'order') ?? [],
    only: readNames(field['only'], 'only'),
    ignore: readNames(field['ignore'], 'ignore') ?? [],
    allowFallbacks: readFlag(field['allow_fallbacks']),
    maxPrice: readMaxPrice(field['max_price']),
  };
}

function readSort(value: unknown): ProviderPreferences['sort'] {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || !Object.hasOwn(SORTS, value)) {
    throw invalid('provider.sort', `one of ${Object.keys(SORTS).join(', ')}`);
  }
  return SORTS[value as keyof typeof SORTS];
}

function readNames(value: unknown, field: string): string[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) {
    throw invalid(`provider.${field}`, 'a list of provider names');
  }
  return value;
}

function readFlag(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'boolean') throw invalid('provider.allow_fallbacks', 'true or false');
  return value;
}

function readMaxPrice(value: unknown): ProviderPreferences['maxPrice'] {
  if (value === undefined || value === null) return { prompt: null, completion: null };
  if (!isObject(value) || !Object.keys(value).every((name) => PRICES.includes(name))) {
    throw invalid('provider.max_price', 'an object of prompt and completion');
  }
  return {
    prompt: readPrice(value['prompt'], 'prompt'),
    completion: readPrice(value['completion'], 'completion'),
  };
}

/**
 * USD per million tokens, as in OpenRouter's field of that name.
 * https://openrouter.ai/docs/features/provider-routing#max-price
 */
function readPrice(value: unknown, field: string): bigint | null {
  if (value === undefined || value === null) return null;
  try {
    const nanos = typeof value === 'number' || typeof value === 'string' ? parseUsd(value) : -1n;
    if (nanos >= 0n) return nanos;
  } catch {
    // Said below, in the words of the field.
  }
  throw invalid(`provider.max_price.${field}`, 'a price in USD per million tokens');
}

function invalid(param: string, expected: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` must be ${expected}.`, { param });
}

/** True where the preferences leave the endpoint; an unknown price is above any. */
export function isPreferred(endpoint: Endpoint, preferences: ProviderPreferences): boolean {
  const { order, only, ignore, allowFallbacks, maxPrice } = preferences;
  const { name } = endpoint.provider;
  if (ignore.includes(name) || (only !== null && !only.includes(name))) return false;
  if (!allowFallbacks && order.length > 0 && !order.includes(name)) return false;
  return (
    isWithin(endpoint, 'input_text', maxPrice.prompt) &&
    isWithin(endpoint, 'output_text', maxPrice.completion)
  );
}

function isWithin({ rankPricing, provider }: Endpoint, rate: RateName, max: bigint | null) {
  if (max === null) return true;
  const price = rankPricing && ratesFor(rankPricing, 'tokens', 0)[rate];
  if (price === null) return false;
  // Rates are by the thousand tokens, discounts in hundredths of a percent.
  return price * 1000n * BigInt(10_000 - provider.discountBasisPoints) <= max * 10_000n;
}

/**
 * Puts the providers of `order` first, but those last that are left for last anyway (ROU-2). Without
 * `allow_fallbacks` and `order` only the best one stays.
 */
export function applyOrder<Ranked extends { endpoint: Endpoint; deferred: boolean }>(
  ranked: readonly Ranked[],
  { order, allowFallbacks }: ProviderPreferences,
): Ranked[] {
  const place = ({ endpoint, deferred }: Ranked) => {
    const index = order.indexOf(endpoint.provider.name);
    if (index === -1) return order.length;
    return deferred ? order.length + 1 : index;
  };
  const ordered = ranked.toSorted((a, b) => place(a) - place(b));
  return allowFallbacks || order.length > 0 ? ordered : ordered.slice(0, 1);
}
