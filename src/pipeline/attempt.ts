import { type ErrorCode, GatewayError } from '../core/gateway-error.ts';
import { isContextExceeded } from '../dialects/context-exceeded.ts';
import type { UpstreamResponse } from '../upstream/client.ts';
import { collectBody } from '../upstream/collect-body.ts';
import { readRetryAfter } from '../upstream/retry-after.ts';
import { asGatewayError } from './as-gateway-error.ts';
import {
  type AttemptContext,
  answerHeaders,
  type CallContext,
  noteAttempt,
  openExchange,
  waitingHead,
} from './exchange.ts';
import { isKeyRefused } from './is-key-refused.ts';
import { maskUpstream } from './mask-upstream.ts';
import { type Outgoing, prepareOutgoing } from './outgoing.ts';
import type { PlannedAttempt } from './plan.ts';
import { readErrorMessage } from './read-error-message.ts';
import { relayAnswer } from './relay-answer.ts';
import { sendUpstream } from './send-upstream.ts';
import { type Verdict, watchAttempt } from './watch-attempt.ts';

/** Error bodies are short; what is longer is not worth repeating. */
const MAX_ERROR_BYTES = 1024 * 1024;

const NO_BODY = Buffer.alloc(0);

/** An upstream's own refusal, to be repeated verbatim if no other endpoint answers. */
export interface UpstreamRefusal {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** How one endpoint failed a call. */
export interface AttemptFailure extends PlannedAttempt {
  error: GatewayError;
  verdict: Verdict;
  /** No other endpoint would do better. */
  isFinal: boolean;
  /** How long the upstream asked to be left alone. */
  retryAfterMs: number | null;
  refusal: UpstreamRefusal | null;
}

/** Sends the call to one endpoint and relays its answer; returns how it failed, or null. */
export async function attempt(
  shared: CallContext,
  planned: PlannedAttempt,
): Promise<AttemptFailure | null> {
  // Field by field: spreads of contexts cost more than all else in here, on every call.
  const context: AttemptContext = {
    call: shared.call,
    request: shared.request,
    preferences: shared.preferences,
    settlement: shared.settlement,
    holds: shared.holds,
    stream: shared.stream,
    runtime: shared.runtime,
    resolution: planned.resolution,
    profile: planned.profile,
    endpoint: planned.endpoint,
    watch: watchAttempt(shared.runtime, planned.endpoint),
  };
  // Only clients that asked for a stream are kept waiting with one.
  if (shared.request.stream) shared.stream.announce(waitingHead(context));
  let status: number | undefined;
  let failure: AttemptFailure;
  try {
    const prepared = prepareOutgoing(context);
    const outgoing = prepared instanceof Promise ? await prepared : prepared;
    const response = await sendUpstream(context, outgoing);
    status = response.status;
    if (status < 400) {
      await relayAnswer(openExchange(context, response, outgoing));
      return null;
    }
    failure = await readRefusal(context, response, outgoing);
  } catch (thrown) {
    const error = asGatewayError(thrown);
    const isFinal = !ANOTHER_MAY_SUCCEED.has(error.code);
    // An upstream can report inside a success what the client did wrong.
    const verdict = isFinal || error.status === 400 ? 'inconclusive' : 'failure';
    failure = { ...planned, error, verdict, isFinal, retryAfterMs: null, refusal: null };
  }
  conclude(context, failure, status);
  return failure;
}

function conclude(context: AttemptContext, failure: AttemptFailure, status: number | undefined) {
  const { verdict, retryAfterMs } = failure;
  // A relay that got as far as settling has told both already.
  if (context.settlement.isClosed()) return;
  context.watch.end({ verdict, outputTokens: null, retryAfterMs });
  noteAttempt(context, { status, error: failure.error.code });
}

/** What a refusal's status says of the endpoint (FAI-1); others are the client's mistakes. */
const VERDICTS: Readonly<Record<number, Verdict>> = {
  402: 'lasting',
  408: 'failure',
  429: 'busy',
};

/** Errors that the next endpoint may be free of: what one's dialect cannot say, another's may. */
const ANOTHER_MAY_SUCCEED: ReadonlySet<ErrorCode> = new Set([
  'media_fetch_failed',
  'unsupported_parameter',
  'upstream_auth_error',
  'upstream_error',
  'upstream_invalid_response',
  'upstream_stream_cut',
  'upstream_timeout',
]);

async function readRefusal(
  context: AttemptContext,
  response: UpstreamResponse,
  { translation }: Outgoing,
): Promise<AttemptFailure> {
  const { status, headers } = response;
  const { endpoint, profile, resolution, runtime } = context;
  const sent = await collectBody(response.body, MAX_ERROR_BYTES);
  // What is compressed though nobody asked for it can be neither read nor repeated.
  const isReadable = (headers['content-encoding'] ?? 'identity') === 'identity';
  const body = isReadable ? sent : NO_BODY;
  const { name } = endpoint.provider;
  const planned = { endpoint, profile, resolution };
  if (isKeyRefused(status, body)) {
    const error = new GatewayError(
      'upstream_auth_error',
      `Provider \`${name}\` refused its key (${status}); check \`providers.${name}.keys\`.`,
    );
    const verdict = 'lasting';
    return { ...planned, error, verdict, isFinal: false, retryAfterMs: null, refusal: null };
  }
  const verdict = VERDICTS[status] ?? (status >= 500 ? 'failure' : 'inconclusive');
  const isFinal = verdict === 'inconclusive';
  const said = readErrorMessage(body) ?? `Provider \`${name}\` answered ${status}.`;
  const message = maskUpstream(said, context);
  return {
    ...planned,
    error: isContextRefused(status, body)
      ? new GatewayError('context_length_exceeded', message)
      : new GatewayError('upstream_error', message, { status }),
    verdict,
    isFinal,
    retryAfterMs: isFinal ? null : readRetryAfter(headers, body, runtime.clock.now()),
    // Another dialect's body would mean nothing to the client.
    refusal: translation || !isReadable ? null : maskRefusal(context, response, body),
  };
}

/** What the client is shown of a refusal, without our key where the upstream repeats it (SEC-3). */
function maskRefusal(
  context: AttemptContext,
  response: UpstreamResponse,
  body: Buffer,
): UpstreamRefusal {
  const mask = (text: string) => maskUpstream(text, context);
  const told = Object.entries(response.headers).filter(
    ([name, value]) => name === 'content-type' || mask(value) === value,
  );
  const headers = answerHeaders(context, { ...response, headers: Object.fromEntries(told) });
  const text = body.toString();
  const masked = mask(text);
  return { status: response.status, headers, body: masked === text ? body : Buffer.from(masked) };
}

/** The conversation is too long for the model, which agents want to know in their own API's words. */
function isContextRefused(status: number, body: Buffer): boolean {
  return (status === 400 || status === 413) && isContextExceeded(body.toString('utf8', 0, 4096));
}
