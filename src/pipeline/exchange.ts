import { ERRORS, type ErrorCode } from '../core/gateway-error.ts';
import { totalOutput } from '../core/token-usage.ts';
import { formats } from '../dialects/index.ts';
import { operationFacts } from '../dialects/operation.ts';
import type { WireFormat } from '../dialects/wire-format.ts';
import type { UpstreamResponse } from '../upstream/client.ts';
import { pickResponseHeaders, upstreamRequestId } from '../upstream/headers.ts';
import type { AttemptRecord } from '../usage/usage-record.ts';
import type { Call } from './call.ts';
import type { CallHolds } from './call-holds.ts';
import type { ClientStream, StreamHead } from './client-stream.ts';
import type { AnswerEdits } from './edit-answer.ts';
import { contentTypeOf, framingOf } from './framing.ts';
import { learnTokens } from './learn-tokens.ts';
import type { Outgoing } from './outgoing.ts';
import type { PlannedAttempt } from './plan.ts';
import type { ProviderPreferences } from './provider-preferences.ts';
import type { CallRequest } from './read-request.ts';
import { addRouteHeaders, headerText } from './route-headers.ts';
import type { Runtime } from './runtime.ts';
import type { Metered, Settlement } from './settle.ts';
import { shownModelOf } from './shown-model.ts';
import type { Translation } from './translation.ts';
import type { AttemptWatch } from './watch-attempt.ts';
import { countCharacters } from './worst-size.ts';

/** A call on its way: what all its attempts share. */
export interface CallContext {
  call: Call;
  request: CallRequest;
  /** What the body's `provider` field asked for; then the field stays here (ROU-9). */
  preferences: ProviderPreferences | null;
  settlement: Settlement;
  /** What the call holds of its limits. */
  holds: CallHolds;
  /** The way to the client, should the answer be a stream. */
  stream: ClientStream;
  runtime: Runtime;
}

/** One attempt at one endpoint. */
export interface AttemptContext extends CallContext, PlannedAttempt {
  watch: AttemptWatch;
}

/** An endpoint's answer, ready to be relayed. */
export interface Exchange extends AttemptContext {
  response: UpstreamResponse;
  /** What the client reads. */
  format: WireFormat;
  /** What the upstream wrote. */
  upstreamFormat: WireFormat;
  edits: AnswerEdits;
  /** How the answer becomes the client's; null where it already is. */
  translation: Translation | null;
  /** Headers for the client. */
  headers: Record<string, string>;
}

/** Puts together what the relays need of an attempt and its answer. */
export function openExchange(
  attempt: AttemptContext,
  response: UpstreamResponse,
  { hidesUsage, operation, translation }: Outgoing,
): Exchange {
  const { call, request, resolution, settlement } = attempt;
  const format = formats[operationFacts(call.operation).format];
  settlement.upstreamRequestId(upstreamRequestId(response.headers));
  const headers = answerHeaders(attempt, response);
  if (translation !== null) Object.assign(headers, translatedHeaders(attempt, translation));
  // Field by field: a spread of a context costs more than all else in here, on every call.
  return {
    call,
    request,
    preferences: attempt.preferences,
    settlement,
    holds: attempt.holds,
    stream: attempt.stream,
    runtime: attempt.runtime,
    resolution,
    profile: attempt.profile,
    endpoint: attempt.endpoint,
    watch: attempt.watch,
    response,
    format,
    upstreamFormat: formats[operationFacts(operation).format],
    translation,
    edits: { format, model: shownModelOf(attempt), hidesUsage },
    headers,
  };
}

/** The first content of a stream is here. */
export function noteFirstToken({ settlement, watch }: Exchange): void {
  watch.firstToken();
  settlement.firstToken();
}

/** Notes the attempt, meters it and writes the ledger; the client may see the end after that. */
export function settleExchange(
  exchange: Exchange,
  metered: Metered,
  errorCode?: ErrorCode,
): { cost: bigint | null; written: void | Promise<void> } {
  const { call, endpoint, request, response, settlement, watch } = exchange;
  const { usage, source } = metered;
  if (call.operation === 'speech' && usage) usage.units.character = countCharacters(request);
  if (usage !== null && source === 'reported') learnTokens(exchange, usage);
  watch.end({
    verdict: verdictOf(errorCode),
    outputTokens: usage && source === 'reported' ? totalOutput(usage.tokens) : null,
    retryAfterMs: null,
  });
  noteAttempt(exchange, { status: response.status, error: errorCode });
  const cost = settlement.meter(endpoint, metered);
  const status = errorCode === 'client_closed' ? ERRORS.client_closed.status : response.status;
  return { cost, written: settlement.close(status, errorCode) };
}

/** Puts on the record what the upstream reported of an answer that its client will not see (BUD-6). */
export function keepReported({ endpoint, settlement }: Exchange, metered: Metered | null): void {
  if (metered === null || metered.source === 'estimated') return;
  settlement.meter(endpoint, { ...metered, source: 'partial' });
}

function verdictOf(errorCode: ErrorCode | undefined): 'success' | 'inconclusive' | 'failure' {
  if (errorCode === undefined) return 'success';
  // A client that left, or our own shutdown, is not the endpoint's fault.
  return errorCode === 'client_closed' || errorCode === 'shutting_down'
    ? 'inconclusive'
    : 'failure';
}

/** Puts an attempt on the call's record. */
export function noteAttempt(
  { endpoint, resolution, runtime, settlement, watch }: AttemptContext,
  { status, error }: Pick<AttemptRecord, 'status' | 'error'>,
): void {
  settlement.attempted(endpoint, {
    model: resolution.model.name,
    provider: endpoint.provider.name,
    slug: endpoint.slug,
    key: endpoint.key?.name,
    status,
    error,
    ms: Math.round(runtime.clock.monotonicMs() - watch.startedMs),
  });
}

/** What an answer carries beside its body. */
export function answerHeaders(
  attempt: AttemptContext,
  response: UpstreamResponse,
): Record<string, string> {
  const headers = pickResponseHeaders(response.headers);
  const contentType = response.headers['content-type'];
  if (contentType !== undefined) headers['content-type'] = contentType;
  addOwnHeaders(headers, attempt);
  return headers;
}

/** At most so many warnings stand in a header; then an ellipsis. */
const MAX_WARNINGS = 10;

/** What a translated answer says differently: its own type, and what the request lost on its way. */
function translatedHeaders(
  { call, request }: CallContext,
  { warnings }: Translation,
): Record<string, string> {
  const listed = warnings.slice(0, MAX_WARNINGS).map(headerText);
  if (warnings.length > MAX_WARNINGS) listed.push('...');
  return {
    'content-type': request.stream ? contentTypeOf(framingOf(call)) : 'application/json',
    ...(listed.length === 0 ? {} : { 'x-signalbox-warnings': listed.join(', ') }),
  };
}

/** The head of a stream whose endpoint has not said anything yet. */
export function waitingHead(attempt: AttemptContext): StreamHead {
  const framing = framingOf(attempt.call);
  const headers = { 'content-type': contentTypeOf(framing) };
  addOwnHeaders(headers, attempt);
  return { status: 200, headers, framing };
}

function addOwnHeaders(headers: Record<string, string>, attempt: AttemptContext): void {
  const { call, endpoint, holds, profile, resolution, settlement } = attempt;
  if (holds.headers !== null) Object.assign(headers, holds.headers);
  headers['x-request-id'] = call.requestId;
  if (call.surface === 'anthropic') headers['request-id'] = call.requestId;
  addRouteHeaders(headers, {
    model: resolution.model.name,
    provider: endpoint.provider.name,
    profile,
    attempts: settlement.attemptCount() + 1,
  });
}
