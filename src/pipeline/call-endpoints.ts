import type { ErrorCode } from '../core/gateway-error.ts';
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
  try {
    const failures = await tryInTurn(context, tries);
    if (failures !== null) await answerFailure(context, failures);
  } finally {
    context.stream.release();
  }
}

/** How every endpoint that was tried has failed; null once one has answered. */
async function tryInTurn(
  context: CallContext,
  tries: Iterable<PlannedTry>,
): Promise<AttemptFailure[] | null> {
  const failures: AttemptFailure[] = [];
  for (const planned of tries) {
    context.settlement.resolved(planned.resolution, planned.profile);
    const failure = await attempt(context, planned);
    if (failure === null) return null;
    failures.push(failure);
    const isHopeless = failure.isFinal || context.settlement.closed;
    if (isHopeless || context.call.departure.reason !== null) break;
  }
  return failures;
}

async function answerFailure(context: CallContext, failures: AttemptFailure[]): Promise<void> {
  const last = failures.at(-1);
  if (last === undefined) return;
  const { call, settlement, stream } = context;
  // A relay that settled had begun its answer, which can only be cut short.
  if (settlement.closed) throw last.error;
  meterUnanswered(context, failures);
  if (stream.isOpen()) return answerOpened(context, last.error);
  if (last.refusal === null) throw last.error;
  const { status, headers, body } = last.refusal;
  await settlement.close(status, last.error.code);
  call.reply.send(
    status,
    { ...headers, ...smallestRetryAfter(failures), 'content-length': String(body.length) },
    body,
  );
}

/** How a request ends that its upstream may be working on. */
const UNANSWERED: ReadonlySet<ErrorCode> = new Set([
  'client_closed',
  'upstream_timeout',
  'shutting_down',
]);

/** An upstream that took the request and never answered may bill its input (BUD-6). */
function meterUnanswered({ request, settlement }: CallContext, failures: AttemptFailure[]): void {
  const accepted = failures.findLast(({ error }) => UNANSWERED.has(error.code));
  if (accepted === undefined) return;
  const usage = estimateStreamUsage(request, 0);
  settlement.meter(accepted.endpoint, { usage, source: 'partial', providerUsage: undefined });
}

/** Where every endpoint said "too many requests": the wait until the first of them opens again. */
function smallestRetryAfter(failures: readonly AttemptFailure[]): Record<string, string> {
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  if (waits.length === 0 || !failures.every(({ verdict }) => verdict === 'busy')) return {};
  const waitMs = Math.ceil(Math.min(...waits));
  // OpenAI's clients prefer the finer one: https://github.com/openai/openai-node/blob/master/src/client.ts
  return { 'retry-after': String(Math.ceil(waitMs / 1000)), 'retry-after-ms': String(waitMs) };
}
