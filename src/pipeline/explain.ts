import type { ApiKey, Catalog, Endpoint } from '../catalog/catalog.ts';
import { describeResolution } from '../catalog/describe-resolution.ts';
import { resolveModel } from '../catalog/resolve-model.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { Operation } from '../dialects/operation.ts';
import { describePricing } from '../usage/describe-pricing.ts';
import { checkGrant } from './authenticate.ts';
import { type Candidate, listCandidates } from './candidates.ts';

/** The words by which `explain` and `/v1/route` name what a client would send. */
export const EXPLAIN_SURFACES = {
  chat: 'chat',
  responses: 'responses',
  messages: 'messages',
  gemini: 'generate_content',
  embeddings: 'embeddings',
} as const satisfies Record<string, Operation>;

export type ExplainSurface = keyof typeof EXPLAIN_SURFACES;

interface Question {
  model: unknown;
  surface: ExplainSurface;
  apiKey: ApiKey | null;
}

/** One endpoint as `explain` tells it. */
export interface ExplainedEndpoint {
  /** Its place in the order of trial, from 1; null for one that is not tried. */
  rank: number | null;
  provider: string;
  type: string;
  slug: string;
  key: string | null;
  tier: 'byok' | 'platform';
  price: Record<string, string> | null;
  price_source: string | null;
  reason: string;
}

/** How a model string is resolved and routed, and why. */
export interface Explanation {
  requested: string;
  alias: string | null;
  model: string;
  variant_of: string | null;
  profile: string;
  discount: boolean;
  pinned: string | null;
  surface: ExplainSurface;
  operation: Operation;
  steps: readonly string[];
  endpoints: ExplainedEndpoint[];
}

/**
 * Says how a request would be resolved and routed, on the code path that serves requests and without
 * calling anyone; throws what the request would be refused with before any endpoint is chosen.
 */
export function explain(catalog: Catalog, { model, surface, apiKey }: Question): Explanation {
  const operation = EXPLAIN_SURFACES[surface];
  const resolution = resolveModel(catalog, model);
  checkGrant(apiKey, resolution.model);
  const candidates = listCandidates(resolution, operation);
  return {
    requested: resolution.requested,
    alias: resolution.alias,
    model: resolution.model.name,
    variant_of: resolution.model.variantOf,
    profile: resolution.profile,
    discount: resolution.discount,
    pinned: resolution.pinnedProvider,
    surface,
    operation,
    steps: describeResolution(catalog, resolution),
    endpoints: candidates.map((candidate, index) => explainEndpoint(candidate, index, operation)),
  };
}

/** Reads a surface's word; throws 400 with the words there are. */
export function parseExplainSurface(word: string): ExplainSurface {
  if (word in EXPLAIN_SURFACES) return word as ExplainSurface;
  const words = Object.keys(EXPLAIN_SURFACES).join(', ');
  throw new GatewayError('invalid_request', `\`surface\` is one of ${words}.`, {
    param: 'surface',
  });
}

function explainEndpoint(
  { endpoint, tier, excluded }: Candidate,
  index: number,
  operation: Operation,
): ExplainedEndpoint {
  const pricing = endpoint.billPricing;
  return {
    rank: excluded === null ? index + 1 : null,
    provider: endpoint.provider.name,
    type: endpoint.provider.type.id,
    slug: endpoint.slug,
    key: endpoint.key?.name ?? null,
    tier: tier === 0 ? 'byok' : 'platform',
    price: pricing && describePricing(pricing, endpoint.provider.discountBasisPoints),
    price_source: pricing?.source ?? null,
    reason:
      excluded === null
        ? reasonToTry(endpoint, index, tier)
        : reasonToSkip(endpoint, excluded, operation),
  };
}

function reasonToTry(endpoint: Endpoint, index: number, tier: 0 | 1): string {
  const place = index === 0 ? 'Tried first' : `Tried when the ${index} before it failed`;
  const why =
    tier === 0
      ? 'its provider uses your own keys (byok)'
      : `it is declared as number ${endpoint.index + 1}`;
  return `${place}: ${why}.`;
}

function reasonToSkip(
  { provider, key }: Endpoint,
  excluded: NonNullable<Candidate['excluded']>,
  operation: Operation,
): string {
  switch (excluded) {
    case 'provider_disabled':
      return `Never tried: provider ${provider.name} is disabled.`;
    case 'provider_api_key_revoked':
      return `Never tried: its provider key ${key?.name ?? ''} is revoked.`;
    case 'provider_not_allowed':
      return `Never tried: provider ${provider.name} does not offer ${operation.replaceAll('_', ' ')}.`;
  }
}
