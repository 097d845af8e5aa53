import { GatewayError } from '../core/gateway-error.ts';
import type { UpstreamResponse } from '../upstream/client.ts';
import { collectBody } from '../upstream/collect-body.ts';
import { buildUpstreamHeaders } from '../upstream/headers.ts';
import { readRetryAfter } from '../upstream/retry-after.ts';
import { type EditedRequest, editRequest } from './edit-request.ts';
import {
  type AttemptContext,
  answerHeaders,
  type CallContext,
  noteAttempt,
  openExchange,
} from './exchange.ts';
import { type Observation, observeEnd, observeStart } from './observe.ts';
import type { PlannedTry } from './plan.ts';
import { relayAnswer } from './relay-answer.ts';
import { asGatewayError } from './settle.ts';

/** Error bodies are short; what is longer is not worth repeating. */
const MAX_ERROR_BYTES = 1024 * 1024;

/** An upstream's own refusal, to be repeated verbatim if no other endpoint answers. */
export interface UpstreamRefusal {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** How one endpoint failed a call. */
export interface AttemptFailure extends PlannedTry {
  error: GatewayError;
  verdict: Observation['verdict'];
  /** How long the upstream asked to be left alone. */
  retryAfterMs: number | null;
  refusal: UpstreamRefusal | null;
}

/** Sends the call to one endpoint and relays its answer; returns how it failed, or null. */
export async function attempt(
  context: CallContext,
  planned: PlannedTry,
): Promise<AttemptFailure | null> {
  const { runtime } = context;
  const trial: AttemptContext = {
    ...context,
    ...planned,
    startedMs: runtime.clock.monotonicMs(),
  };
  observeStart(runtime, planned.endpoint);
  let status: number | undefined;
  let failure: AttemptFailure;
  try {
    const edited = editRequest(trial);
    const response = await send(trial, edited);
    status = response.status;
    if (status < 400) {
      await relayAnswer(openExchange(trial, response, edited.hidesUsage));
      return null;
    }
    failure = await readRefusal(trial, response);
  } catch (thrown) {
    const error = asGatewayError(thrown);
    const verdict = error.code.startsWith('upstream_') ? 'failure' : 'neither';
    failure = { ...planned, error, verdict, retryAfterMs: null, refusal: null };
  }
  conclude(trial, failure, status);
  return failure;
}

function conclude(trial: AttemptContext, failure: AttemptFailure, status: number | undefined) {
  const { verdict, retryAfterMs } = failure;
  // A relay that got as far as settling has told both already.
  if (trial.settlement.closed) return;
  observeEnd(trial.runtime, trial.endpoint, {
    verdict,
    retryAfterMs,
    ttftMs: null,
    outputTokens: null,
    generationMs: 0,
  });
  noteAttempt(trial, { status, error: failure.error.code });
}

function send(trial: AttemptContext, edited: EditedRequest): Promise<UpstreamResponse> {
  const { call, endpoint, request, resolution, runtime } = trial;
  const { provider, slug, key } = endpoint;
  const { operation } = call;
  const url = provider.type.url({ baseUrl: provider.baseUrl, operation, slug }, provider.settings);
  const credentials = provider.type.headers(
    { key: key?.secret.reveal() ?? null, operation },
    provider.settings,
  );
  return runtime.upstream.send({
    url: appendQuery(url, call.query),
    headers: buildUpstreamHeaders({
      surface: call.surface,
      client: call.headers,
      contentType: request.contentType,
      requestId: call.requestId,
      credentials,
      configured: [provider.headers, resolution.model.edits.headers],
    }),
    body: edited.body,
    timeoutMs: provider.timeoutMs,
    signal: call.signal,
  });
}

function appendQuery(url: string, query: string): string {
  if (query === '') return url;
  return url.includes('?') ? `${url}&${query.slice(1)}` : url + query;
}

/** What a refusal's status says of the endpoint (FAI-1); others are the client's mistakes. */
const VERDICTS: Readonly<Record<number, Observation['verdict']>> = {
  401: 'lasting',
  402: 'lasting',
  403: 'lasting',
  408: 'failure',
  429: 'busy',
};

async function readRefusal(
  trial: AttemptContext,
  response: UpstreamResponse,
): Promise<AttemptFailure> {
  const { status, headers } = response;
  const { endpoint, profile, resolution, runtime } = trial;
  const body = await collectBody(response.body, MAX_ERROR_BYTES);
  const verdict = VERDICTS[status] ?? (status >= 500 ? 'failure' : 'neither');
  const retryAfterMs = readRetryAfter(headers, body, runtime.clock.now());
  const { name } = endpoint.provider;
  // The key that was refused is ours: the client's own is fine (FAI-3).
  const isOurKey = status === 401 || status === 403;
  const error = isOurKey
    ? new GatewayError(
        'upstream_auth_error',
        `Provider \`${name}\` refused its key (${status}); check \`providers.${name}.keys\`.`,
      )
    : new GatewayError('upstream_error', `Provider \`${name}\` answered ${status}.`, { status });
  const refusal = isOurKey ? null : { status, headers: answerHeaders(trial, response), body };
  return { endpoint, profile, resolution, error, verdict, retryAfterMs, refusal };
}
