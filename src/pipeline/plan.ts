import type { ApiKey, Endpoint } from '../catalog/catalog.ts';
import { type Resolution, resolveModel } from '../catalog/resolve-model.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { Profile } from '../routing/profiles.ts';
import { checkGrant } from './authenticate.ts';
import { type RoutingQuestion, selectCandidates } from './candidates.ts';
import type { RoutingView } from './runtime.ts';

/** One try that a call may make: an endpoint, and the model record it serves there. */
export interface PlannedTry {
  resolution: Resolution;
  profile: Profile;
  endpoint: Endpoint;
}

/**
 * The tries of a call in order: the model's candidates, then those of its `fallbacks`, each judged by
 * the same grants. Lazy, since a fallback is ranked by what is known when its turn comes. Throws if
 * the model itself has no endpoint to try.
 */
export function* planTries(
  question: RoutingQuestion,
  apiKey: ApiKey | null,
  view: RoutingView,
): Generator<PlannedTry, void, undefined> {
  const { profile, resolution } = question;
  for (const { endpoint } of selectCandidates(question, view)) {
    yield { resolution, profile, endpoint };
  }
  // A pin says where the call goes, not where it should rather go.
  if (resolution.discount || resolution.pinnedProvider !== null) return;
  for (const name of resolution.model.fallbacks) {
    yield* planFallback({ ...question, preferences: null }, { name, apiKey, view });
  }
}

function planFallback(
  question: RoutingQuestion,
  { name, apiKey, view }: { name: string; apiKey: ApiKey | null; view: RoutingView },
): PlannedTry[] {
  try {
    const resolution = resolveModel(view.catalog, name);
    checkGrant(apiKey, resolution.model);
    const candidates = selectCandidates({ ...question, resolution }, view);
    return candidates.map(({ endpoint }) => ({ resolution, profile: question.profile, endpoint }));
  } catch (error) {
    // A fallback that this key may not call, or that cannot serve the call, is none.
    if (error instanceof GatewayError) return [];
    throw error;
  }
}
