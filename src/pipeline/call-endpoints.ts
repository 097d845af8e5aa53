import { answerOpened } from './answer-opened.ts';
import { type AttemptFailure, attempt } from './attempt.ts';
import { estimateStreamUsage } from './estimate-usage.ts';
import type { CallContext } from './exchange.ts';
import type { PlannedTry } from './plan.ts';

/**
 * Tries endpoint after endpoint until one answers; what the client did wrong ends it too (FAI-1).
 * When all have failed, the client gets the last one's own refusal, or an error that says what went
 * wrong (FAI-3).
 */
export async function callEndpoints(
  context: CallContext,
  tries: Iterable<PlannedTry>,
): Promise<void> {
  const failures: AttemptFailure[] = [];
  for (const planned of tries) {
    context.settlement.resolved(planned.resolution, planned.profile);
    const failure = await attempt(context, planned);
    if (failure === null) return;
    failures.push(failure);
    const isHopeless = failure.verdict === 'neither' || context.settlement.closed;
    if (isHopeless || context.call.signal.aborted) break;
  }
  await answerFailure(context, failures);
}

async function answerFailure(context: CallContext, failures: AttemptFailure[]): Promise<void> {
  const last = failures.at(-1);
  if (last === undefined) return;
  const { call, settlement } = context;
  // A relay that settled had begun its answer, which can only be cut short.
  if (settlement.closed) throw last.error;
  meterUnanswered(context, failures);
  if (call.reply.started) return answerOpened(context, last.error);
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
function meterUnanswered({ request, settlement }: CallContext, failures: AttemptFailure[]): void {
  const accepted = failures.findLast(
    ({ error: { code } }) => code === 'client_closed' || code === 'upstream_timeout',
  );
  if (accepted === undefined) return;
  const usage = estimateStreamUsage(request, 0);
  settlement.meter(accepted.endpoint, { usage, source: 'partial', providerUsage: undefined });
}

/** When every endpoint said "too many requests": the seconds until the first of them opens again. */
function smallestRetryAfter(failures: readonly AttemptFailure[]): number | undefined {
  if (!failures.every(({ verdict }) => verdict === 'busy')) return undefined;
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return waits.length === 0 ? undefined : Math.ceil(Math.min(...waits) / 1000);
}
