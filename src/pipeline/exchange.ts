import type { Endpoint } from '../catalog/catalog.ts';
import type { Resolution } from '../catalog/resolve-model.ts';
import type { ErrorCode } from '../core/gateway-error.ts';
import { formats } from '../dialects/index.ts';
import { operationFacts } from '../dialects/operation.ts';
import type { WireFormat } from '../dialects/wire-format.ts';
import type { UpstreamResponse } from '../upstream/client.ts';
import { pickResponseHeaders, upstreamRequestId } from '../upstream/headers.ts';
import type { Call } from './call.ts';
import type { AnswerEdits } from './edit-answer.ts';
import type { CallRequest } from './read-request.ts';
import type { Runtime } from './runtime.ts';
import type { Metered, Settlement } from './settle.ts';

/** A call on its way: everything that the steps after resolution share. */
export interface CallContext {
  call: Call;
  request: CallRequest;
  resolution: Resolution;
  settlement: Settlement;
  runtime: Runtime;
}

/** One endpoint's answer to a call, ready to be relayed. */
export interface Exchange extends CallContext {
  endpoint: Endpoint;
  response: UpstreamResponse;
  format: WireFormat;
  edits: AnswerEdits;
  /** Headers for the client. */
  headers: Record<string, string>;
  /** Notes the attempt, meters it and writes the ledger; the client may see the end after that. */
  settle(
    metered: Metered,
    errorCode?: ErrorCode,
  ): { cost: bigint | null; written: void | Promise<void> };
}

interface ExchangeParts {
  endpoint: Endpoint;
  response: UpstreamResponse;
  hidesUsage: boolean;
  /** The monotonic clock when the attempt began. */
  attemptStartedMs: number;
}

/** Puts together what the relays need of a call and an upstream's answer. */
export function openExchange(context: CallContext, parts: ExchangeParts): Exchange {
  const { call, resolution, settlement, runtime } = context;
  const { endpoint, response } = parts;
  const format = formats[operationFacts(call.operation).format];
  const requested = resolution.model.responseModel === 'requested' ? resolution.requested : null;
  settlement.upstreamRequestId(upstreamRequestId(response.headers));
  return {
    ...context,
    endpoint,
    response,
    format,
    edits: { format, model: requested, hidesUsage: parts.hidesUsage },
    headers: answerHeaders(context, endpoint, response),
    settle(metered, errorCode) {
      settlement.attempted(endpoint, {
        provider: endpoint.provider.name,
        slug: endpoint.slug,
        status: response.status,
        error: errorCode,
        ms: Math.round(runtime.clock.monotonicMs() - parts.attemptStartedMs),
      });
      const cost = settlement.meter(endpoint, metered);
      return { cost, written: settlement.close(response.status, errorCode) };
    },
  };
}

/** What an answer carries beside its body (ROU-11). */
export function answerHeaders(
  { call, resolution, settlement }: CallContext,
  endpoint: Endpoint,
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
    'x-signalbox-profile': resolution.profile,
    'x-signalbox-attempts': String(settlement.attempts + 1),
  };
}

/** Names may hold what a header may not. */
function headerText(name: string): string {
  return /^[\x20-\x7e]*$/.test(name) ? name : encodeURIComponent(name);
}
