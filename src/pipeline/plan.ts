import type { Endpoint, Model } from '../catalog/catalog.ts';
import { type Resolution, resolveModel } from '../catalog/resolve-model.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { Profile } from '../routing/profiles.ts';
import {
  type Candidate,
  isDeferred,
  type RoutingQuestion,
  selectCandidates,
} from './candidates.ts';
import type { RoutingView } from './runtime.ts';

/** One try that a call may make: an endpoint, and the model record it serves there. */
export interface PlannedTry {
  resolution: Resolution;
  profile: Profile;
  endpoint: Endpoint;
}

/** Throws where this call may not use the model. */
type Judge = (model: Model) => void;

/**
 * The tries of a call in order: the model's candidates, then those of its `fallbacks` that pass the
 * same judge; what has failed as one model's endpoint is not tried as another's. Lazy, since a try is
 * chosen by what is known when its turn comes. Throws if the model itself has no endpoint to try.
 */
export function* planTries(
  question: RoutingQuestion,
  judge: Judge,
  view: RoutingView,
): Generator<PlannedTry, void, undefined> {
  const { profile, resolution } = question;
  const tried: Endpoint[] = [];
  for (const endpoint of inTurn(selectCandidates(question, view), view)) {
    tried.push(endpoint);
    yield { resolution, profile, endpoint };
  }
  for (const name of fallbacksOf(question)) {
    const fallback = planFallback(name, judge, { question, view });
    if (fallback === null) continue;
    for (const endpoint of inTurn(fallback.candidates, view)) {
      if (tried.some((each) => isSameEndpoint(each, endpoint))) continue;
      tried.push(endpoint);
      yield { resolution: fallback.resolution, profile, endpoint };
    }
  }
}

/** The models that a call may fall back on: a pin says where it goes, not where it should rather go. */
export function fallbacksOf({ preferences, resolution }: RoutingQuestion): readonly string[] {
  const isPinned = resolution.discount || resolution.pinnedProvider !== null;
  return isPinned || preferences?.allowFallbacks === false ? [] : resolution.model.fallbacks;
}

/** The endpoints in their order; one that got into trouble meanwhile lets the rest of its tier pass. */
function* inTurn(candidates: readonly Candidate[], view: RoutingView): Generator<Endpoint> {
  const queue = [...candidates];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { endpoint, deferred, tier } = next;
    const circuit = view.routing.circuit(endpoint.id);
    const last = queue.findLastIndex((each) => each.tier === tier);
    const isInTrouble = !deferred && isDeferred(circuit.state(view.clock.monotonicMs()));
    if (isInTrouble && last !== -1) queue.splice(last + 1, 0, { ...next, deferred: true });
    else yield endpoint;
  }
}

/** True where two model records mean the same endpoint. */
function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.provider === b.provider && a.slug === b.slug && a.key === b.key;
}

function planFallback(
  name: string,
  judge: Judge,
  { question, view }: { question: RoutingQuestion; view: RoutingView },
): { resolution: Resolution; candidates: Candidate[] } | null {
  try {
    const resolution = resolveModel(view.catalog, name);
    judge(resolution.model);
    const fallback = { ...question, resolution, preferences: null };
    return { resolution, candidates: selectCandidates(fallback, view) };
  } catch (error) {
    // A fallback that this call may not use, or that cannot serve it, is none.
    if (error instanceof GatewayError) return null;
    throw error;
  }
}
