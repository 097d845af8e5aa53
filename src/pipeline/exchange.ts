import { ERRORS, type ErrorCode } from '../core/gateway-error.ts';
import { totalOutput } from '../core/token-usage.ts';
import { formats } from '../dialects/index.ts';
import { operationFacts } from '../dialects/operation.ts';
import type { WireFormat } from '../dialects/wire-format.ts';
import type { UpstreamResponse } from '../upstream/client.ts';
import { pickResponseHeaders, upstreamRequestId } from '../upstream/headers.ts';
import type { AttemptRecord } from '../usage/usage-record.ts';
import type { Call } from './call.ts';
import type { ClientStream, StreamHead } from './client-stream.ts';
import type { AnswerEdits } from './edit-answer.ts';
import { framingOf } from './framing.ts';
import type { Outgoing } from './outgoing.ts';
import type { PlannedTry } from './plan.ts';
import type { ProviderPreferences } from './provider-preferences.ts';
import type { CallRequest } from './read-request.ts';
import type { Runtime } from './runtime.ts';
import type { Metered, Settlement } from './settle.ts';
import type { Translation } from './translation.ts';
import type { AttemptWatch } from './watch-attempt.ts';

/** A call on its way: what all its attempts share. */
export interface CallContext {
  call: Call;
  request: CallRequest;
  /** What the body's `provider` field asked for; then the field stays here (ROU-9). */
  preferences: ProviderPreferences | null;
  settlement: Settlement;
  /** The way to the client, should the answer be a stream. */
  stream: ClientStream;
  runtime: Runtime;
}

/** One try of one endpoint. */
export interface AttemptContext extends CallContext, PlannedTry {
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
  /** The first content of a stream is here. */
  firstToken(): void;
  /** Notes the attempt, meters it and writes the ledger; the client may see the end after that. */
  settle(
    metered: Metered,
    errorCode?: ErrorCode,
  ): { cost: bigint | null; written: void | Promise<void> };
}

/** Puts together what the relays need of an attempt and its answer. */
export function openExchange(
  attempt: AttemptContext,
  response: UpstreamResponse,
  { hidesUsage, operation, translation }: Outgoing,
): Exchange {
  const { call, endpoint, request, resolution, settlement, watch } = attempt;
  const format = formats[operationFacts(call.operation).format];
  const isRenamed = resolution.model.responseModel === 'requested';
  settlement.upstreamRequestId(upstreamRequestId(response.headers));
  return {
    ...attempt,
    response,
    format,
    upstreamFormat: formats[operationFacts(operation).format],
    translation,
    edits: { format, model: isRenamed ? String(request.model) : null, hidesUsage },
    headers: { ...answerHeaders(attempt, response), ...translatedHeaders(attempt, translation) },
    firstToken() {
      watch.firstToken();
      settlement.firstToken();
    },
    settle(metered, errorCode) {
      const { usage, source } = metered;
      watch.end({
        verdict: verdictOf(errorCode),
        outputTokens: usage && source === 'reported' ? totalOutput(usage.tokens) : null,
        retryAfterMs: null,
      });
      noteAttempt(attempt, { status: response.status, error: errorCode });
      const cost = settlement.meter(endpoint, metered);
      const status = errorCode === 'client_closed' ? ERRORS.client_closed.status : response.status;
      return { cost, written: settlement.close(status, errorCode) };
    },
  };
}

function verdictOf(errorCode: ErrorCode | undefined): 'success' | 'neither' | 'failure' {
  if (errorCode === undefined) return 'success';
  // Whoever went, client or we, it was not the endpoint's fault.
  return errorCode === 'client_closed' || errorCode === 'shutting_down' ? 'neither' : 'failure';
}

/** Puts an attempt on the call's record. */
export function noteAttempt(
  { endpoint, runtime, settlement, watch }: AttemptContext,
  { status, error }: Pick<AttemptRecord, 'status' | 'error'>,
): void {
  settlement.attempted(endpoint, {
    provider: endpoint.provider.name,
    slug: endpoint.slug,
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
  const contentType = response.headers['content-type'];
  return {
    ...pickResponseHeaders(response.headers),
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...ownHeaders(attempt),
  };
}

/** At most so many warnings stand in a header; then an ellipsis. */
const MAX_WARNINGS = 10;

/** What a translated answer says differently: its own type, and what the request lost on its way. */
function translatedHeaders(
  { call, request }: CallContext,
  translation: Translation | null,
): Record<string, string> {
  if (translation === null) return {};
  const isEvents = request.stream && framingOf(call) === 'sse';
  const { warnings } = translation;
  const listed = warnings.slice(0, MAX_WARNINGS).map(headerText);
  if (warnings.length > MAX_WARNINGS) listed.push('...');
  return {
    'content-type': isEvents ? 'text/event-stream; charset=utf-8' : 'application/json',
    ...(listed.length === 0 ? {} : { 'x-signalbox-warnings': listed.join(', ') }),
  };
}

/** The head of a stream whose endpoint has not said anything yet. */
export function waitingHead(attempt: AttemptContext): StreamHead {
  const framing = framingOf(attempt.call);
  const contentType = framing === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/json';
  const headers = { 'content-type': contentType, ...ownHeaders(attempt) };
  return { status: 200, headers, framing };
}

function ownHeaders(attempt: AttemptContext): Record<string, string> {
  const { call, settlement } = attempt;
  return {
    'x-request-id': call.requestId,
    ...(call.surface === 'anthropic' ? { 'request-id': call.requestId } : {}),
    ...routeHeaders(attempt, settlement.attempts + 1),
  };
}

/** What every answer tells of its way (ROU-11). */
export function routeHeaders(
  { endpoint, profile, resolution }: PlannedTry,
  attempts: number,
): Record<string, string> {
  return {
    'x-signalbox-model': headerText(resolution.model.name),
    'x-signalbox-provider': headerText(endpoint.provider.name),
    'x-signalbox-profile': profile,
    'x-signalbox-attempts': String(attempts),
  };
}

/** Names may hold what a header may not, and clients may invent some that are not even text. */
function headerText(name: string): string {
  return /^[\x20-\x7e]*$/.test(name) ? name : encodeURIComponent(Buffer.from(name).toString());
}
