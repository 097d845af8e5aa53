import type { Endpoint } from '../catalog/catalog.ts';
import type { Resolution } from '../catalog/resolve-model.ts';
import { type ErrorCode, GatewayError } from '../core/gateway-error.ts';
import { type Operation, operationFacts } from '../dialects/operation.ts';
import type { CircuitState } from '../routing/circuit.ts';
import type { Measurements } from '../routing/endpoint-stats.ts';
import { explore } from '../routing/explore.ts';
import type { Profile } from '../routing/profiles.ts';
import { type EndpointStanding, rankEndpoints } from '../routing/rank-endpoints.ts';
import { estimateCost } from '../usage/estimate-cost.ts';
import { applyOrder, isPreferred, type ProviderPreferences } from './provider-preferences.ts';
import type { RequestSize } from './request-size.ts';
import type { RoutingView } from './runtime.ts';
import { servingOf } from './serving.ts';

/** Why an endpoint cannot serve a call at all (ROU-1), or was asked not to (ROU-9). */
export type Exclusion =
  | 'provider_disabled'
  | 'provider_api_key_revoked'
  | 'provider_not_allowed'
  | 'not_preferred';

/** An endpoint as one call sees it. */
export interface Candidate extends EndpointStanding {
  endpoint: Endpoint;
  /** Null for an endpoint that may be tried. */
  excluded: Exclusion | null;
  circuit: CircuitState;
  /** A limit of its own is reached. */
  isFull: boolean;
  measured: Measurements;
  /** Samples on the axis that the profile judges by. */
  samples: number;
  /** Whether the two speeds were measured here or hinted at in the config. */
  sources: { latency: SpeedSource; throughput: SpeedSource };
}

export type SpeedSource = 'measured' | 'hint' | null;

/** What a call brings to the choice. */
export interface RoutingQuestion {
  resolution: Resolution;
  profile: Profile;
  operation: Operation;
  size: RequestSize;
  preferences: ProviderPreferences | null;
  /** Endpoints known to have no room; a call finds out when it enters them. */
  full?: ReadonlySet<Endpoint>;
}

/** The endpoints to try, in order, and those that are not tried. */
export interface Ranking {
  ranked: Candidate[];
  excluded: Candidate[];
  /** The first one stands there to be measured, not because it is the best. */
  isExploring: boolean;
}

/**
 * Orders the endpoints that the resolution's pins leave, without a trace in the routing state. Now and
 * then the first one is the least measured instead of the best (ROU-6).
 */
export function rankCandidates(question: RoutingQuestion, view: RoutingView): Ranking {
  const { preferences, profile, resolution } = question;
  const candidates = resolution.model.endpoints
    .filter((endpoint) => passesPins(resolution, endpoint))
    .map((endpoint) => openCandidate(endpoint, question, view));
  const { explore_every, min_samples, weights } = view.routingSettings;
  const best = rankEndpoints(
    candidates.filter(({ excluded }) => excluded === null),
    { profile, weights },
  );
  const isTurn =
    mayExplore(question, best) &&
    view.routing.exploration.isTurn(resolution.model.name, explore_every);
  const ranked = isTurn ? explore(best, min_samples) : best;
  return {
    ranked: preferences === null ? ranked : applyOrder(ranked, preferences),
    excluded: candidates.filter(({ excluded }) => excluded !== null),
    isExploring: ranked[0] !== best[0],
  };
}

/** What a plan needs to know of a candidate once it is ranked. */
export type RankedEndpoint = Pick<Candidate, 'endpoint' | 'deferred' | 'tier'>;

/** The candidates of one call, in the order of attempts; throws what ROU-1 and ROU-9 say when none is left. */
export function selectCandidates(
  question: RoutingQuestion,
  view: RoutingView,
): readonly RankedEndpoint[] {
  const only = onlyEndpoint(question);
  if (only !== null) return [{ endpoint: only, deferred: false, tier: tierOf(only) }];
  const { ranked, excluded } = rankCandidates(question, view);
  if (ranked.length === 0) throw noneLeft(question, excluded);
  if (mayExplore(question, ranked)) view.routing.exploration.count(question.resolution.model.name);
  return ranked;
}

/** The endpoint of a model that has no other, as most have: there is nothing to measure or to compare. */
export function onlyEndpoint({
  operation,
  preferences,
  resolution,
}: RoutingQuestion): Endpoint | null {
  const [only, another] = resolution.model.endpoints;
  if (only === undefined || another !== undefined || !passesPins(resolution, only)) return null;
  return exclusion(only, operation, preferences) === null ? only : null;
}

function tierOf({ provider }: Endpoint): number {
  return provider.byok ? 0 : 1;
}

function mayExplore({ profile, preferences }: RoutingQuestion, ranked: readonly Candidate[]) {
  const isByMeasure = profile === 'latency' || profile === 'throughput';
  return isByMeasure && preferences === null && ranked.length > 1;
}

/** True for an endpoint that is left for last: it has been failing, or wants to be left alone (ROU-2). */
export function isDeferred(circuit: CircuitState): boolean {
  return circuit !== 'closed' && circuit !== 'half-open';
}

/** True for an endpoint that some call could use at this moment. */
export function isUsable({ provider, key }: Endpoint): boolean {
  return provider.enabled && !key?.revoked;
}

/** The profile of a call: the one it names, else what its `provider.sort` says (ROU-9). */
export function profileOf(
  { isProfileNamed, profile }: Resolution,
  preferences: ProviderPreferences | null,
): Profile {
  return isProfileNamed ? profile : (preferences?.sort ?? profile);
}

/** True unless the model name pins another provider or the self-hosted supply. */
export function passesPins(resolution: Resolution, endpoint: Endpoint): boolean {
  if (resolution.discount && !endpoint.provider.selfHosted) return false;
  return resolution.pinnedProvider === null || endpoint.provider.name === resolution.pinnedProvider;
}

function openCandidate(
  endpoint: Endpoint,
  { full, operation, preferences, profile, size }: RoutingQuestion,
  view: RoutingView,
): Candidate {
  const { id, hints } = endpoint;
  const nowMs = view.clock.monotonicMs();
  const measured = view.routing.stats(id).read(nowMs);
  const circuit = view.routing.circuit(id).state(nowMs);
  const { min_samples } = view.routingSettings;
  const isFull = full?.has(endpoint) === true;
  const latency = knownSpeed(
    measured.ttftSamples >= min_samples ? measured.ttftMs : null,
    hints.ttftMs,
  );
  const throughput = knownSpeed(
    measured.throughputSamples >= min_samples ? measured.throughput : null,
    hints.tokensPerSecond === undefined ? undefined : Math.round(hints.tokensPerSecond * 10),
  );
  return {
    endpoint,
    excluded: exclusion(endpoint, operation, preferences),
    index: endpoint.index,
    tier: tierOf(endpoint),
    deferred: isFull || isDeferred(circuit),
    cost: costOf(endpoint, operation, size),
    latency: latency.value,
    throughput: throughput.value,
    uptime: measured.uptime,
    isForeign: servingOf(endpoint, operation)?.kind !== 'native',
    circuit,
    isFull,
    measured,
    samples: profile === 'throughput' ? measured.throughputSamples : measured.ttftSamples,
    sources: { latency: latency.source, throughput: throughput.source },
  };
}

/** What was measured often enough, else the hint. */
function knownSpeed(measured: number | null, hint: number | undefined) {
  if (measured !== null) return { value: measured, source: 'measured' as const };
  if (hint !== undefined) return { value: hint, source: 'hint' as const };
  return { value: null, source: null };
}

/** Nanos of this request here (ROU-3); as a number, because no request comes near 2^53 of them. */
function costOf(endpoint: Endpoint, operation: Operation, size: RequestSize): number | null {
  if (endpoint.rankPricing === null) return null;
  const cost = estimateCost({
    pricing: endpoint.rankPricing,
    kind: operationFacts(operation).billingKind,
    discountBasisPoints: endpoint.provider.discountBasisPoints,
    inputTokens: size.inputTokens,
    outputTokens: size.outputTokens,
  });
  return cost === null ? null : Number(cost);
}

function exclusion(
  endpoint: Endpoint,
  operation: Operation,
  preferences: ProviderPreferences | null,
): Exclusion | null {
  if (servingOf(endpoint, operation) === null) return 'provider_not_allowed';
  if (!endpoint.provider.enabled) return 'provider_disabled';
  if (endpoint.key?.revoked) return 'provider_api_key_revoked';
  return preferences && !isPreferred(endpoint, preferences) ? 'not_preferred' : null;
}

/** What the client is told, the most telling reason first. */
const REASONS: readonly (readonly [Exclusion, ErrorCode])[] = [
  ['not_preferred', 'provider_not_allowed'],
  ['provider_disabled', 'provider_disabled'],
  ['provider_api_key_revoked', 'provider_api_key_revoked'],
  ['provider_not_allowed', 'provider_not_allowed'],
];

function noneLeft({ resolution, operation }: RoutingQuestion, excluded: Candidate[]): GatewayError {
  const { name } = resolution.model;
  const explain = (reason: Exclusion, providers: string): string => {
    switch (reason) {
      case 'not_preferred':
        return `The request's \`provider\` field leaves no endpoint of model \`${name}\` (${providers}).`;
      case 'provider_disabled':
        return `Model \`${name}\` is served by ${providers}, which is disabled; set \`enabled: true\` there.`;
      case 'provider_api_key_revoked':
        return `The provider key for model \`${name}\` (${providers}) is revoked; name another one.`;
      case 'provider_not_allowed':
        return `Model \`${name}\` is served by ${providers}, which does not offer ${operation.replaceAll('_', ' ')}.`;
    }
  };
  const told = REASONS.flatMap(([reason, code]) => {
    const concerned = excluded.filter((each) => each.excluded === reason);
    const providers = concerned.map(({ endpoint }) => `\`${endpoint.provider.name}\``).join(', ');
    return concerned.length === 0 ? [] : [{ code, sentence: explain(reason, providers) }];
  });
  const message = told.map(({ sentence }) => sentence).join(' ');
  return new GatewayError(told[0]?.code ?? 'provider_not_allowed', message, { param: 'model' });
}
