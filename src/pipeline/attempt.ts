import type { Endpoint } from '../catalog/catalog.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { UpstreamResponse } from '../upstream/client.ts';
import { collectBody } from '../upstream/collect-body.ts';
import { buildUpstreamHeaders } from '../upstream/headers.ts';
import { type EditedRequest, editRequest } from './edit-request.ts';
import { answerHeaders, type CallContext, openExchange } from './exchange.ts';
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
export interface AttemptFailure {
  endpoint: Endpoint;
  error: GatewayError;
  /** Another endpoint may do better (FAI-1). */
  retryable: boolean;
  refusal: UpstreamRefusal | null;
}

/** Sends the call to one endpoint and relays its answer; returns how it failed, or null. */
export async function attempt(
  context: CallContext,
  endpoint: Endpoint,
): Promise<AttemptFailure | null> {
  const { clock } = context.runtime;
  const attemptStartedMs = clock.monotonicMs();
  let status: number | undefined;
  let failure: AttemptFailure;
  try {
    const edited = editRequest(context.call, context.request, {
      endpoint,
      model: context.resolution.model,
    });
    const response = await send(context, endpoint, edited);
    status = response.status;
    if (status < 400) {
      const { hidesUsage } = edited;
      await relayAnswer(
        openExchange(context, { endpoint, response, hidesUsage, attemptStartedMs }),
      );
      return null;
    }
    failure = await readRefusal(context, endpoint, response);
  } catch (thrown) {
    const error = asGatewayError(thrown);
    const retryable = isRetryable(error) && !context.call.reply.started;
    failure = { endpoint, error, retryable, refusal: null };
  }
  context.settlement.attempted(endpoint, {
    provider: endpoint.provider.name,
    slug: endpoint.slug,
    status,
    error: failure.error.code,
    ms: Math.round(clock.monotonicMs() - attemptStartedMs),
  });
  return failure;
}

function send(
  { call, request, resolution, runtime }: CallContext,
  endpoint: Endpoint,
  edited: EditedRequest,
): Promise<UpstreamResponse> {
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

/** Statuses that another endpoint may not repeat; a refused key is ours, not the client's (FAI-1). */
const RETRYABLE_STATUSES = new Set([401, 402, 403, 408, 429]);

async function readRefusal(
  context: CallContext,
  endpoint: Endpoint,
  response: UpstreamResponse,
): Promise<AttemptFailure> {
  const { status } = response;
  const body = await collectBody(response.body, MAX_ERROR_BYTES);
  const retryable = status >= 500 || RETRYABLE_STATUSES.has(status);
  if (status === 401 || status === 403) {
    const error = new GatewayError(
      'upstream_auth_error',
      `Provider \`${endpoint.provider.name}\` refused its key (${status}); check \`providers.${endpoint.provider.name}.keys\`.`,
    );
    return { endpoint, error, retryable, refusal: null };
  }
  const retryAfter = Number(response.headers['retry-after']);
  const error = new GatewayError(
    'upstream_error',
    `Provider \`${endpoint.provider.name}\` answered ${status}.`,
    { status, ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}) },
  );
  const headers = answerHeaders(context, endpoint, response);
  return { endpoint, error, retryable, refusal: { status, headers, body } };
}

function isRetryable({ code }: GatewayError): boolean {
  return code.startsWith('upstream_');
}
