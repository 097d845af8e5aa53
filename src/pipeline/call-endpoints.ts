import type { Endpoint } from '../catalog/catalog.ts';
import type { GatewayError } from '../core/gateway-error.ts';
import { type AttemptFailure, attempt } from './attempt.ts';
import { estimateStreamUsage } from './estimate-usage.ts';
import type { CallContext } from './exchange.ts';

/**
 * Tries the endpoints in order until one answers. When all have failed, the client gets the last
 * one's own refusal, or an error that says what went wrong (FAI-3).
 */
export async function callEndpoints(
  context: CallContext,
  endpoints: readonly Endpoint[],
): Promise<void> {
  const failures: AttemptFailure[] = [];
  for (const endpoint of endpoints) {
    const failure = await attempt(context, endpoint);
    if (failure === null) return;
    failures.push(failure);
    if (!failure.retryable || context.call.signal.aborted) break;
  }
  await answerFailure(context, failures);
}

async function answerFailure(context: CallContext, failures: AttemptFailure[]): Promise<void> {
  const last = failures.at(-1);
  if (last === undefined) return;
  const { call, settlement } = context;
  if (isAccepted(last.error)) meterUnanswered(context, last.endpoint);
  if (last.refusal === null) throw last.error;
  const { status, headers, body } = last.refusal;
  await settlement.close(status, last.error.code);
  const retryAfter = smallestRetryAfter(failures);
  call.reply.send(
    status,
    {
      ...headers,
      'content-length': String(body.length),
      'x-signalbox-attempts': String(failures.length),
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body,
  );
}

/** An upstream that took the request and never answered may bill its input (BUD-6). */
function isAccepted({ code }: GatewayError): boolean {
  return code === 'client_closed' || code === 'upstream_timeout';
}

function meterUnanswered({ request, settlement }: CallContext, endpoint: Endpoint): void {
  const usage = estimateStreamUsage(request.body, 0);
  settlement.meter(endpoint, { usage, source: 'partial', providerUsage: undefined });
}

/** When every endpoint said "too many requests": the first of them to open again. */
function smallestRetryAfter(failures: readonly AttemptFailure[]): number | undefined {
  if (!failures.every(({ refusal }) => refusal?.status === 429)) return undefined;
  const seconds = failures.flatMap(({ error }) => error.retryAfterSeconds ?? []);
  return seconds.length === 0 ? undefined : Math.min(...seconds);
}
