import type { ApiKey, Endpoint, Model } from '../catalog/catalog.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { Operation } from '../dialects/operation.ts';
import { type Admittance, type Denial, isDenial, type Taking } from '../policies/counters.ts';
import { type Amounts, ONE_REQUEST } from '../policies/limit.ts';
import type { CallFacts } from '../policies/policy.ts';
import { combineRules, NO_RULES, type Rules } from '../policies/rules.ts';
import type { BodyJudge, Call } from './call.ts';
import { type CallHolds, createCallHolds, NO_HOLDS } from './call-holds.ts';
import { onlyEndpoint, type RoutingQuestion } from './candidates.ts';
import { isCount } from './count-tokens.ts';
import { judgeCall, judgeStage } from './judge-call.ts';
import { limitHeaders } from './limit-headers.ts';
import type { CallRequest } from './read-request.ts';
import { refuseByLimit } from './refuse-by-limit.ts';
import { type CallSize, hasOutputLimit, limitWithEdits, wholeCount } from './request-size.ts';
import type { Runtime } from './runtime.ts';
import { isModelPriced, worstCost } from './worst-cost.ts';
import { measureWorst, readChoices } from './worst-size.ts';

/**
 * Refuses a caller whose address is not allowed. Returns the check of the body's length, which is made
 * before the body is read, and while it comes.
 */
export function admitArrival(
  { clientIp }: Call,
  apiKey: ApiKey | null,
  { catalog }: Runtime,
): BodyJudge {
  const rules = apiKey?.rules ?? catalog.rules;
  const facts = { clientIp, bodyBytes: 0, inputTokens: 0, outputLimit: null };
  const refusal = judgeStage(rules, 'arrival', facts);
  if (refusal !== null) throw refusal;
  if (rules.checks.body.length === 0) return () => null;
  return (bodyBytes) => judgeStage(rules, 'body', { ...facts, bodyBytes });
}

/** A call whose request was read and whose model is known. */
export interface Applicant extends RoutingQuestion {
  call: Call;
  apiKey: ApiKey | null;
  request: CallRequest;
  size: CallSize;
}

/** More than any model writes: held when neither request, policy nor model names a limit. */
const LONGEST_OUTPUT = 128_000;

/** The output limit set on a request that names none and would not fit into what is left without one. */
const FITTING_OUTPUT = 4_096;

/**
 * Takes what a call needs of every limit of its caller and its model, or throws the refusal of the first
 * one that it does not fit into; then nothing was taken. The call settles what it holds.
 */
export function admit(applicant: Applicant, runtime: Runtime): CallHolds | Promise<CallHolds> {
  const { apiKey, resolution } = applicant;
  const caller = apiKey?.rules ?? runtime.catalog.rules;
  const rules = rulesOf(caller, resolution.model);
  if (rules === NO_RULES && resolution.model.endpoints.every((each) => each.rules === NO_RULES)) {
    return NO_HOLDS;
  }
  const facts = readFacts(applicant);
  const refusal = judgeCall(resolution.model.rules, facts) ?? judgeStage(caller, 'request', facts);
  if (refusal !== null) throw refusal;
  const first = findFirst(applicant, facts);
  return take({ applicant, caller, rules, facts, first, runtime }, null);
}

interface Admission {
  applicant: Applicant;
  caller: Rules;
  /** The caller's and the model's. */
  rules: Rules;
  facts: CallFacts;
  /** Where the call is certain to be tried first, if that place has limits. */
  first: Endpoint | null;
  runtime: Runtime;
}

/** An only endpoint's limits are taken together with the call's, which saves a worker one round trip. */
function findFirst(applicant: Applicant, facts: CallFacts): Endpoint | null {
  const only = isCount(applicant.operation) ? null : onlyEndpoint(applicant);
  if (only === null || only.rules.limits.length === 0) return null;
  return judgeCall(only.rules, facts) === null ? only : null;
}

function take(admission: Admission, fittingLimit: number | null): CallHolds | Promise<CallHolds> {
  const { first, rules, runtime } = admission;
  const claim = claimOf(admission, fittingLimit);
  const conclude = (taking: Taking) =>
    isDenial(taking)
      ? retry(admission, { denial: taking, claim, fittingLimit })
      : open(admission, taking, fittingLimit);
  const taking = runtime.counters.take(rules.limits, claim, first?.rules.limits);
  return taking instanceof Promise ? taking.then(conclude) : conclude(taking);
}

function open(
  { applicant, caller, facts, first, runtime }: Admission,
  { hold, requests, tokens, ahead: taking }: Admittance,
  fittingLimit: number | null,
): CallHolds {
  const { surface } = applicant.call;
  const { model } = applicant.resolution;
  const headers = limitHeaders({ requests, tokens }, { surface, nowMs: runtime.clock.now() });
  const ahead = first && taking && { endpoint: first, taking };
  const parts = { hold, ahead, caller, model, facts, fittingLimit, surface, headers };
  return createCallHolds(parts, runtime);
}

interface Denied {
  denial: Denial;
  claim: Amounts;
  fittingLimit: number | null;
}

/** Tries again with a shorter answer if that helps and the client left the length open; otherwise refuses. */
function retry(
  admission: Admission,
  { denial, claim, fittingLimit }: Denied,
): CallHolds | Promise<CallHolds> {
  const { applicant, facts, runtime } = admission;
  const { kind, metric } = denial.limit;
  const isByOutput = kind === 'calendar' && metric !== 'requests' && metric !== 'tokens_in';
  const isOpen = facts.outputLimit === null && hasOutputLimit(applicant.operation);
  const canShrink = fittingLimit === null && mostOutputOf(admission) > FITTING_OUTPUT;
  if (isByOutput && isOpen && canShrink) return take(admission, FITTING_OUTPUT);
  const { surface } = applicant.call;
  throw refuseByLimit(denial, claim, { surface, nowMs: runtime.clock.now() });
}

/** The most output of one answer that the request, the policies or the model allow. */
function mostOutputOf({ applicant, facts, rules }: Admission): number {
  const { maxOutputTokens } = applicant.resolution.model;
  return facts.outputLimit ?? rules.maxOutput ?? maxOutputTokens ?? LONGEST_OUTPUT;
}

function claimOf(admission: Admission, fittingLimit: number | null): Amounts {
  const { applicant, facts, rules, runtime } = admission;
  const { call, operation, request, size } = applicant;
  if (!rules.countsTokens) return ONE_REQUEST;
  const mostOutput = fittingLimit ?? mostOutputOf(admission);
  const worst = measureWorst(call, request, { size, mostOutput });
  const expected = Math.min(facts.outputLimit ?? rules.maxOutput ?? size.outputTokens, mostOutput);
  return {
    requests: 1,
    tokensIn: worst.inputTokens,
    tokensOut: hasOutputLimit(operation)
      ? wholeCount(expected * readChoices(request, operation))
      : worst.outputTokens,
    mostTokensOut: worst.outputTokens,
    nanoUsd: rules.countsMoney ? nanosOf(applicant, worst, runtime) : 0n,
  };
}

function nanosOf(
  applicant: Applicant,
  worst: ReturnType<typeof measureWorst>,
  runtime: Runtime,
): bigint {
  const { nanoUsd, isPriced } = worstCost(applicant, worst, runtime);
  if (!isPriced && !applicant.apiKey?.allowsUnpriced) throw unpriced(applicant.resolution.model);
  return nanoUsd;
}

/** Throws 402 for a model whose calls an API key's budgets could not count (BUD-4). */
export function checkPriced(apiKey: ApiKey | null, model: Model, operation: Operation): void {
  if (apiKey === null || apiKey.allowsUnpriced || !apiKey.rules.countsMoney) return;
  if (!isModelPriced(model, operation)) throw unpriced(model);
}

function unpriced({ name }: Model): GatewayError {
  return new GatewayError(
    'model_unpriced',
    `Model \`${name}\` has no price, so that its calls cannot be held against a budget; give it a \`pricing\`, or set \`unpriced: allow\` on the API key.`,
    { param: 'model', headers: { 'x-should-retry': 'false' } },
  );
}

function readFacts({ call, operation, request, resolution, size }: Applicant): CallFacts {
  return {
    clientIp: call.clientIp,
    bodyBytes: request.body.length,
    inputTokens: size.inputTokens,
    outputLimit: hasOutputLimit(operation)
      ? limitWithEdits(resolution.model.edits, size.outputLimit)
      : 0,
  };
}

const combined = new WeakMap<Rules, WeakMap<Rules, Rules>>();

/** The rules of a caller and a model together, put together once. */
function rulesOf(caller: Rules, { rules }: Model): Rules {
  if (rules === NO_RULES) return caller;
  if (caller === NO_RULES) return rules;
  const known = combined.get(caller)?.get(rules);
  if (known !== undefined) return known;
  const found = combineRules(caller, rules);
  const others = combined.get(caller) ?? new WeakMap<Rules, Rules>();
  combined.set(caller, others.set(rules, found));
  return found;
}
