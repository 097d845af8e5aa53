import type { Endpoint, Model } from '../catalog/catalog.ts';
import type { GatewayError } from '../core/gateway-error.ts';
import type { SurfaceId } from '../dialects/operation.ts';
import { type Denial, type Hold, isDenial, type Taking } from '../policies/counters.ts';
import { type Amounts, type Limit, NOTHING, ONE_REQUEST } from '../policies/limit.ts';
import type { CallFacts } from '../policies/policy.ts';
import { NO_RULES, type Rules } from '../policies/rules.ts';
import { bothDone } from './both-done.ts';
import { judgeCall } from './judge-call.ts';
import { refuseByLimit } from './refuse-by-limit.ts';
import type { Runtime } from './runtime.ts';

/** What a call used in the end, as far as its limits count it. */
export interface UsedAmounts {
  /** 0 for a call that nobody worked on: it gives everything back. */
  requests: 0 | 1;
  tokensIn: number;
  tokensOut: number;
  nanoUsd: bigint;
}

/** All that one call holds of its limits, from its admittance to its settlement. */
export interface CallHolds {
  /** The output limit to be set in the request where it goes next; null = it names one, or needs none. */
  outputLimit(): number | null;
  /** What its client may know of the limits (POL-7). */
  readonly headers: Readonly<Record<string, string>> | null;
  /** What it holds of each of them; null = no limit counts it. */
  readonly claim: Amounts | null;
  /** The nanos that its budgets hold; null = no budget knows it. */
  readonly heldNanoUsd: bigint | null;
  /**
   * Takes what an endpoint, and the model of a fallback, limit before the call is tried there, or says
   * why it cannot be. What the endpoint before held becomes one request.
   */
  enter(place: AttemptPlace): GatewayError | null | Promise<GatewayError | null>;
  /** Turns every hold into what was used; to be told once. */
  settle(used: UsedAmounts): void | Promise<void>;
}

/** Where a call is to be tried. */
interface AttemptPlace {
  model: Model;
  endpoint: Endpoint;
}

/** The holds of a call that no limit counts. */
export const NO_HOLDS: CallHolds = {
  outputLimit: () => null,
  headers: null,
  claim: null,
  heldNanoUsd: null,
  enter: () => null,
  settle: () => {},
};

interface HoldParts {
  /** What was taken when the call was admitted. */
  hold: Hold;
  /** Where the call is tried first, and what the limits there have answered; null = they were not asked. */
  ahead: { endpoint: Endpoint; taking: Taking } | null;
  caller: Rules;
  model: Model;
  facts: CallFacts;
  /** The output limit that made the call fit; null = none had to. */
  fittingLimit: number | null;
  surface: SurfaceId;
  headers: CallHolds['headers'];
}

/** The holds of a call that was admitted for a model. */
export function createCallHolds(parts: HoldParts, runtime: Runtime): CallHolds {
  const { counters } = runtime;
  const { caller, facts } = parts;
  const { claim } = parts.hold;
  const { refusalOf, take } = createTaker(parts, runtime);
  let { hold: main, ahead } = parts;
  let modelRules = parts.model.rules;
  let fallbackHold: Hold | null = null;
  let endpointHold = ahead === null || isDenial(ahead.taking) ? null : ahead.taking.hold;
  let endpointRules: Rules = NO_RULES;

  async function enterModel({ rules }: Model): Promise<GatewayError | null> {
    const refusal = judgeCall(rules, facts);
    if (refusal !== null) return refusal;
    const taken = await take(rules.limits);
    if (taken instanceof Error) return taken;
    // The call is the fallback's from here on, as its line of the ledger says.
    await counters.settle(fallbackHold ?? partOf(main, true), NOTHING);
    if (fallbackHold === null) main = partOf(main, false);
    fallbackHold = taken;
    modelRules = rules;
    return null;
  }

  async function move({ model, endpoint }: AttemptPlace): Promise<GatewayError | null> {
    // What stays counted at an endpoint that was asked and failed: one request.
    if (endpointHold !== null) await counters.settle(endpointHold, ONE_REQUEST);
    endpointHold = null;
    const refusal = model.rules === modelRules ? null : await enterModel(model);
    if (refusal !== null) return refusal;
    endpointRules = endpoint.rules;
    const flaw = judgeCall(endpoint.rules, facts);
    if (flaw !== null || endpoint.rules.limits.length === 0) return flaw;
    const taken = await take(endpoint.rules.limits);
    if (taken instanceof Error) return taken;
    endpointHold = taken;
    return null;
  }

  return {
    outputLimit() {
      if (facts.outputLimit !== null) return null;
      const { maxOutput } = caller;
      return tightest(parts.fittingLimit, maxOutput, modelRules.maxOutput, endpointRules.maxOutput);
    },
    headers: parts.headers,
    claim,
    heldNanoUsd: caller.countsMoney ? claim.nanoUsd : null,
    enter(place) {
      const { endpoint, model } = place;
      if (ahead?.endpoint === endpoint) {
        const { taking } = ahead;
        ahead = null;
        endpointRules = endpoint.rules;
        return isDenial(taking) ? refusalOf(taking) : null;
      }
      const isBare = endpoint.rules === NO_RULES && endpointRules === NO_RULES;
      return isBare && model.rules === modelRules ? null : move(place);
    },
    settle(used) {
      const amounts = amountsOf(used);
      let settled = counters.settle(main, amounts);
      for (const hold of [fallbackHold, endpointHold])
        if (hold !== null) settled = bothDone(settled, counters.settle(hold, amounts));
      return settled;
    },
  };
}

/** Takes limits for a call that was admitted, or says why it is refused. */
function createTaker({ hold: { claim }, surface }: HoldParts, { clock, counters }: Runtime) {
  const refusalOf = (denial: Denial) =>
    refuseByLimit(denial, claim, { surface, nowMs: clock.now() });
  return {
    refusalOf,
    async take(limits: readonly Limit[]): Promise<Hold | GatewayError> {
      const answer = counters.take(limits, claim);
      const taking = answer instanceof Promise ? await answer : answer;
      return isDenial(taking) ? refusalOf(taking) : taking.hold;
    },
  };
}

/** The part of a hold that is its model's, or the part that is not. */
function partOf(hold: Hold, isModel: boolean): Hold {
  const limits = hold.limits.filter(({ scope }) => (scope.kind === 'model') === isModel);
  return { ...hold, limits };
}

function tightest(...limits: readonly (number | null)[]): number | null {
  let least: number | null = null;
  for (const limit of limits)
    if (limit !== null && (least === null || limit < least)) least = limit;
  return least;
}

function amountsOf(used: UsedAmounts): Amounts {
  const { requests, tokensIn, tokensOut, nanoUsd } = used;
  if (requests === 0) return NOTHING;
  return { requests, tokensIn, tokensOut, mostTokensOut: tokensOut, nanoUsd };
}
