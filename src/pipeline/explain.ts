import type { ApiKey } from '../catalog/catalog.ts';
import { describeResolution } from '../catalog/describe-resolution.ts';
import { resolveModel } from '../catalog/resolve-model.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { Operation } from '../dialects/operation.ts';
import type { CircuitState } from '../routing/circuit.ts';
import { createComparison } from '../routing/rank-endpoints.ts';
import { describePricing } from '../usage/describe-pricing.ts';
import { formatUsd } from '../usage/nano-usd.ts';
import { checkGrant } from './authenticate.ts';
import { type Candidate, profileOf, rankCandidates, type SpeedSource } from './candidates.ts';
import { explainPlace, explainSkip } from './explain-place.ts';
import { findFullEndpoints } from './find-full-endpoints.ts';
import { fallbacksOf } from './plan.ts';
import type { RequestSize } from './request-size.ts';
import type { RoutingView, Runtime } from './runtime.ts';

/** The words by which `explain` and `/v1/route` name what a client would send. */
export const EXPLAIN_SURFACES = {
  chat: 'chat',
  responses: 'responses',
  messages: 'messages',
  gemini: 'generate_content',
  embeddings: 'embeddings',
} as const satisfies Record<string, Operation>;

/** The prompt that is priced where the question names no other. */
export const DEFAULT_INPUT_TOKENS = 1000;

export type ExplainSurface = keyof typeof EXPLAIN_SURFACES;

interface Question {
  model: unknown;
  surface: ExplainSurface;
  apiKey: ApiKey | null;
  size: RequestSize;
}

/** What there is to see; without a running proxy nothing was counted. */
type ExplainView = RoutingView & Partial<Pick<Runtime, 'counters'>>;

/** One endpoint as `explain` tells it. */
export interface ExplainedEndpoint {
  /** Its place in the order of attempts, from 1; null for one that is not tried. */
  rank: number | null;
  provider: string;
  type: string;
  slug: string;
  key: string | null;
  tier: 'byok' | 'platform';
  /** What its circuit is; `limited` = a limit of its own is reached. */
  state: CircuitState | 'limited';
  /** USD of this request; null = unpriced. */
  cost_usd: string | null;
  /** Median milliseconds to the first token, and where that is known from. */
  ttft_ms: number | null;
  ttft_source: SpeedSource;
  ttft_samples: number;
  tokens_per_second: number | null;
  tokens_per_second_source: SpeedSource;
  tokens_per_second_samples: number;
  /** Share of attempts that succeeded. */
  uptime: number;
  attempts: number;
  /** USD per 1,000 tokens or per piece. */
  price: Record<string, string> | null;
  price_source: string | null;
  /** Why it stands there. */
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
  input_tokens: number;
  output_tokens: number;
  steps: readonly string[];
  endpoints: ExplainedEndpoint[];
  fallbacks: readonly string[];
}

/**
 * Says how a request would be resolved and routed, on the code path that serves requests and without
 * calling anyone; throws what the request would be refused with before any endpoint is chosen.
 */
export async function explain(
  view: ExplainView,
  { model, surface, apiKey, size }: Question,
): Promise<Explanation> {
  const operation = EXPLAIN_SURFACES[surface];
  const resolution = resolveModel(view.catalog, model);
  checkGrant(apiKey, resolution.model);
  const profile = profileOf(resolution, null);
  const { endpoints } = resolution.model;
  const full = view.counters && (await findFullEndpoints(endpoints, view.counters));
  const question = {
    resolution,
    profile,
    operation,
    size,
    preferences: null,
    ...(full && { full }),
  };
  const ranking = rankCandidates(question, view);
  const comparison = createComparison(ranking.ranked, {
    profile,
    weights: view.routingSettings.weights,
  });
  const order = { ...ranking, comparison, profile };
  return {
    requested: resolution.requested,
    alias: resolution.alias,
    model: resolution.model.name,
    variant_of: resolution.model.variantOf,
    profile,
    discount: resolution.discount,
    pinned: resolution.pinnedProvider,
    surface,
    operation,
    input_tokens: size.inputTokens,
    output_tokens: size.outputTokens,
    steps: describeResolution(view.catalog, resolution),
    endpoints: [
      ...ranking.ranked.map((each, place) =>
        explainEndpoint(each, place + 1, explainPlace(order, place)),
      ),
      ...ranking.excluded.map((each) => explainEndpoint(each, null, explainSkip(each, operation))),
    ],
    fallbacks: fallbacksOf(question),
  };
}

/** Reads a surface's word; throws 400 with the words there are. */
export function parseExplainSurface(word: string): ExplainSurface {
  if (Object.hasOwn(EXPLAIN_SURFACES, word)) return word as ExplainSurface;
  const words = Object.keys(EXPLAIN_SURFACES).join(', ');
  throw new GatewayError('invalid_request', `\`surface\` is one of ${words}.`, {
    param: 'surface',
  });
}

function explainEndpoint(
  candidate: Candidate,
  rank: number | null,
  reason: string,
): ExplainedEndpoint {
  const { circuit, cost, endpoint, isFull, latency, measured, sources, throughput, tier } =
    candidate;
  const { provider, slug, key, billPricing } = endpoint;
  return {
    rank,
    provider: provider.name,
    type: provider.type.id,
    slug,
    key: key?.name ?? null,
    tier: tier === 0 ? 'byok' : 'platform',
    state: isFull ? 'limited' : circuit,
    cost_usd: cost === null ? null : formatUsd(BigInt(cost)),
    ttft_ms: latency,
    ttft_source: sources.latency,
    ttft_samples: measured.ttftSamples,
    tokens_per_second: throughput === null ? null : throughput / 10,
    tokens_per_second_source: sources.throughput,
    tokens_per_second_samples: measured.throughputSamples,
    uptime: candidate.uptime,
    attempts: measured.attempts,
    price: billPricing && describePricing(billPricing, provider.discountBasisPoints),
    price_source: billPricing?.source ?? null,
    reason,
  };
}
