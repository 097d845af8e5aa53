import { ERRORS, type ErrorCode } from '../core/gateway-error.ts';
import { totalOutput } from '../core/token-usage.ts';
import { formats } from '../dialects/index.ts';
import { operationFacts } from '../dialects/operation.ts';
import type { WireFormat } from '../dialects/wire-format.ts';
import type { UpstreamResponse } from '../upstream/client.ts';
import { pickResponseHeaders, upstreamRequestId } from '../upstream/headers.ts';
import type { AttemptRecord } from '../usage/usage-record.ts';
import type { Call } from './call.ts';
import type { AnswerEdits } from './edit-answer.ts';
import { observeEnd } from './observe.ts';
import type { PlannedTry } from './plan.ts';
import type { ProviderPreferences } from './provider-preferences.ts';
import type { CallRequest } from './read-request.ts';
import type { Runtime } from './runtime.ts';
import type { Metered, Settlement } from './settle.ts';

/** A call on its way: what all its attempts share. */
export interface CallContext {
  call: Call;
  request: CallRequest;
  /** What the body's `provider` field asked for; then the field stays here (ROU-9). */
  preferences: ProviderPreferences | null;
  settlement: Settlement;
  runtime: Runtime;
}

/** One try of one endpoint. */
export interface AttemptContext extends CallContext, PlannedTry {
  /** The monotonic clock when it began. */
  startedMs: number;
}

/** An endpoint's answer, ready to be relayed. */
export interface Exchange extends AttemptContext {
  response: UpstreamResponse;
  format: WireFormat;
  edits: AnswerEdits;
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
  hidesUsage: boolean,
): Exchange {
  const { call, endpoint, request, resolution, runtime, settlement, startedMs } = attempt;
  const format = formats[operationFacts(call.operation).format];
  const isRenamed = resolution.model.responseModel === 'requested';
  let firstTokenMs: number | null = null;
  settlement.upstreamRequestId(upstreamRequestId(response.headers));
  return {
    ...attempt,
    response,
    format,
    edits: { format, model: isRenamed ? String(request.model) : null, hidesUsage },
    headers: answerHeaders(attempt, response),
    firstToken() {
      firstTokenMs ??= runtime.clock.monotonicMs();
      settlement.firstToken();
    },
    settle(metered, errorCode) {
      const nowMs = runtime.clock.monotonicMs();
      const { usage, source } = metered;
      const generationMs = nowMs - (firstTokenMs ?? startedMs);
      observeEnd(runtime, endpoint, {
        verdict: verdictOf(errorCode),
        retryAfterMs: null,
        ttftMs: firstTokenMs === null ? null : firstTokenMs - startedMs,
        outputTokens: usage && source === 'reported' ? totalOutput(usage.tokens) : null,
        generationMs,
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
  return errorCode === 'client_closed' ? 'neither' : 'failure';
}

/** Puts an attempt on the call's record. */
export function noteAttempt(
  { endpoint, runtime, settlement, startedMs }: AttemptContext,
  { status, error }: Pick<AttemptRecord, 'status' | 'error'>,
): void {
  settlement.attempted(endpoint, {
    provider: endpoint.provider.name,
    slug: endpoint.slug,
    status,
    error,
    ms: Math.round(runtime.clock.monotonicMs() - startedMs),
  });
}

/** What an answer carries beside its body (ROU-11). */
export function answerHeaders(
  { call, endpoint, profile, resolution, settlement }: AttemptContext,
  response: UpstreamResponse,
): Record<string, string> {
  const contentType = response.headers['content-type'];
  return {
    ...pickResponseHeaders(response.headers),
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    'x-request-id': call.requestId,
    ...(call.surface === 'anthropic' ? { 'request-id': call.requestId } : {}),
    'x-signalbox-model': headerText(resolution.model.name),
    'x-signalbox-provider': headerText(endpoint.provider.name),
    'x-signalbox-profile': profile,
    'x-signalbox-attempts': String(settlement.attempts + 1),
  };
}

/** Names may hold what a header may not. */
function headerText(name: string): string {
  return /^[\x20-\x7e]*$/.test(name) ? name : encodeURIComponent(name);
}
