import type { Endpoint, Model } from '../catalog/catalog.ts';
import { type Resolution, resolveFallback } from '../catalog/resolve-model.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { Profile } from '../routing/profiles.ts';
import {
  isDeferred,
  type RankedEndpoint,
  type RoutingQuestion,
  selectCandidates,
} from './candidates.ts';
import type { RoutingView } from './runtime.ts';

/** One attempt that a call may make: an endpoint, and the model record it serves there. */
export interface PlannedAttempt {
  resolution: Resolution;
  profile: Profile;
  endpoint: Endpoint;
}

/** Planned attempts one by one; each is answered by whether a limit refused it, so that it was not made. */
export type AttemptPlan = Generator<PlannedAttempt, void, boolean>;

/** Throws where this call may not use the model. */
type CheckModel = (model: Model) => void;

/**
 * The attempts of a call in order: the model's candidates, then those of its `fallbacks` that pass the
 * same check and the same preferences; what has failed as one model's endpoint is not tried as another's.
 * Lazy, since an attempt is chosen by what is known when its turn comes. Throws if the model itself has no
 * endpoint to try.
 */
export function* planAttempts(
  question: RoutingQuestion,
  checkModel: CheckModel,
  view: RoutingView,
): AttemptPlan {
  const course: Course = { view, tried: [] };
  yield* inTurn(question, selectCandidates(question, view), course);
  for (const name of fallbacksOf(question)) {
    const fallback = planFallback(name, checkModel, { question, view });
    if (fallback === null) continue;
    const untried = fallback.candidates.filter(
      ({ endpoint }) => !course.tried.some((each) => isSameEndpoint(each, endpoint)),
    );
    yield* inTurn(fallback.question, untried, course);
  }
}

/** What the turns of a call share, whichever model's they are. */
interface Course {
  view: RoutingView;
  /** Where attempts were made so far. */
  tried: Endpoint[];
}

/** The models that a call may fall back on. A pinned call has none: a pin is a restriction, not a preference. */
export function fallbacksOf({ preferences, resolution }: RoutingQuestion): readonly string[] {
  const isPinned = resolution.discount || resolution.pinnedProvider !== null;
  return isPinned || preferences?.allowFallbacks === false ? [] : resolution.model.fallbacks;
}

/**
 * The endpoints of one model in their order. One whose circuit opened meanwhile, that asked to be left
 * alone, or whose limit is reached, moves behind the rest of its tier (ROU-2).
 */
function* inTurn(
  { profile, resolution }: RoutingQuestion,
  candidates: readonly RankedEndpoint[],
  { tried, view }: Course,
): AttemptPlan {
  const queue = [...candidates];
  const wasRefused = new Set<Endpoint>();
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { endpoint, deferred, tier } = next;
    const last = queue.findLastIndex((each) => each.tier === tier);
    const mayPass = !deferred && last !== -1;
    if (mayPass && isInTrouble(endpoint, view)) {
      queue.splice(last + 1, 0, { ...next, deferred: true });
      continue;
    }
    const isRefused = yield { resolution, profile, endpoint };
    if (!isRefused) tried.push(endpoint);
    if (isRefused && last !== -1 && !wasRefused.has(endpoint)) queue.splice(last + 1, 0, next);
    if (isRefused) wasRefused.add(endpoint);
  }
}

function isInTrouble({ id }: Endpoint, { clock, routing }: RoutingView): boolean {
  return isDeferred(routing.circuit(id).state(clock.monotonicMs()));
}

/** True where two model records mean the same endpoint. */
function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.provider === b.provider && a.slug === b.slug && a.key === b.key;
}

function planFallback(
  name: string,
  checkModel: CheckModel,
  { question, view }: { question: RoutingQuestion; view: RoutingView },
): { question: RoutingQuestion; candidates: readonly RankedEndpoint[] } | null {
  try {
    const resolution = resolveFallback(view.catalog, name);
    checkModel(resolution.model);
    const fallback = { ...question, resolution };
    return { question: fallback, candidates: selectCandidates(fallback, view) };
  } catch (error) {
    // A fallback that this call may not use, or that cannot serve it, is none.
    if (error instanceof GatewayError) return null;
    throw error;
  }
}
