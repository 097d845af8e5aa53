import type { ErrorCode, GatewayError } from '../core/gateway-error.ts';
import { errorWord } from '../dialects/error-words.ts';
import { parseObject } from '../dialects/json-object.ts';
import { readStreamError } from '../dialects/stream-reading.ts';
import { answerOpened } from './answer-opened.ts';
import { type AttemptFailure, attempt } from './attempt.ts';
import { countHere, isCount } from './count-tokens.ts';
import { estimateUnanswered } from './estimate-usage.ts';
import type { CallContext } from './exchange.ts';
import type { AttemptPlan } from './plan.ts';

/**
 * Tries endpoint after endpoint until one answers; what the client did wrong ends it too (FAI-1).
 * When all have failed, the client gets the last one's own refusal, or an error that says what went
 * wrong (FAI-3).
 */
export async function callEndpoints(context: CallContext, plan: AttemptPlan): Promise<void> {
  try {
    const failures = await tryInTurn(context, plan);
    if (failures !== null) await answerFailure(context, failures);
  } finally {
    context.stream.release();
  }
}

/**
 * How every endpoint that was tried has failed; null once one has answered. Throws where none could be
 * tried because each had reached a limit.
 */
async function tryInTurn(
  context: CallContext,
  plan: AttemptPlan,
): Promise<AttemptFailure[] | null> {
  const failures: AttemptFailure[] = [];
  let refusal: GatewayError | null = null;
  let isRefused = false;
  for (let turn = plan.next(false); !turn.done; turn = plan.next(isRefused)) {
    const planned = turn.value;
    const { endpoint, resolution } = planned;
    const entry = context.holds.enter({ endpoint, model: resolution.model });
    const refused = entry instanceof Promise ? await entry : entry;
    isRefused = refused !== null;
    refusal = soonest(refusal, refused);
    if (isRefused) continue;
    context.settlement.resolved(resolution, planned.profile);
    const failure = await attempt(context, planned);
    if (failure === null) return null;
    failures.push(failure);
    const isHopeless = failure.isFinal || context.settlement.isClosed();
    if (isHopeless || context.call.departure.reason !== null) break;
  }
  if (refusal !== null && failures.length === 0) throw refusal;
  return failures;
}

/** Of two refusals the one that is over first. */
function soonest(known: GatewayError | null, refused: GatewayError | null): GatewayError | null {
  if (known === null || refused === null) return known ?? refused;
  const waitOf = ({ retryAfterSeconds }: GatewayError) => retryAfterSeconds ?? Infinity;
  return waitOf(refused) < waitOf(known) ? refused : known;
}

async function answerFailure(context: CallContext, failures: AttemptFailure[]): Promise<void> {
  const last = failures.at(-1);
  if (last === undefined) throw new Error('A plan held no endpoint to try.');
  const { call, settlement, stream } = context;
  // A relay that settled had begun its answer, which can only be cut short.
  if (settlement.isClosed()) throw last.error;
  if (isCount(call.operation) && !isClientsMistake(last)) {
    const { preferences, request, runtime } = context;
    const { resolution } = last;
    return countHere({ call, preferences, request, settlement, runtime, resolution });
  }
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

/**
 * A provider that cannot count is no reason for a client not to know; a bad request is, and so is
 * a model that the provider does not have. It says so in the words of its API; a server that merely has
 * no such route answers 404 in words of its own.
 */
function isClientsMistake({ error, refusal }: AttemptFailure): boolean {
  if (error.status === 404) return refusal !== null && isInApiWords(refusal.body);
  return error.status === 400 || error.status === 413 || error.code === 'client_closed';
}

/** How the APIs say 404. */
const NOT_FOUND_WORDS: ReadonlySet<string | undefined> = new Set(
  (['openai', 'anthropic', 'google'] as const).map((surface) => errorWord(surface, 404)),
);

function isInApiWords(body: Buffer): boolean {
  return NOT_FOUND_WORDS.has(readStreamError(parseObject(body)['error']).type);
}

/** How a request ends that its upstream may be working on. */
const UNANSWERED: ReadonlySet<ErrorCode> = new Set([
  'client_closed',
  'upstream_timeout',
  'shutting_down',
]);

/** An upstream that took the request and never answered may bill it (BUD-6). */
function meterUnanswered(context: CallContext, failures: AttemptFailure[]): void {
  const accepted = failures.findLast(({ error }) => UNANSWERED.has(error.code));
  if (accepted === undefined || context.settlement.hasMetered(accepted.endpoint)) return;
  context.settlement.meter(accepted.endpoint, estimateUnanswered(context));
}

/** Where every endpoint said "too many requests": the wait until the first of them opens again. */
function smallestRetryAfter(failures: readonly AttemptFailure[]): Record<string, string> {
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  if (waits.length === 0 || !failures.every(({ verdict }) => verdict === 'busy')) return {};
  const waitMs = Math.ceil(Math.min(...waits));
  // OpenAI's clients prefer the finer one: https://github.com/openai/openai-node/blob/master/src/client.ts
  return { 'retry-after': String(Math.ceil(waitMs / 1000)), 'retry-after-ms': String(waitMs) };
}
