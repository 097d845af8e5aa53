import type { Endpoint } from '../catalog/catalog.ts';
import type { CircuitTrial } from '../routing/circuit.ts';
import type { Runtime } from './runtime.ts';

/**
 * What an attempt shows of its endpoint. `failure` = the endpoint's fault · `lasting` = a refused key,
 * which will be refused again · `busy` = it asked for patience · `inconclusive` = the client's mistake,
 * or its departure.
 */
export type Verdict = 'success' | 'failure' | 'lasting' | 'busy' | 'inconclusive';

/** How an attempt ended. */
interface AttemptEnd {
  verdict: Verdict;
  /** Null where the upstream did not report them. */
  outputTokens: number | null;
  /** How long the endpoint wants to be left alone; null = it did not say. */
  retryAfterMs: number | null;
}

/** Follows one attempt, so that routing learns from it. */
export interface AttemptWatch {
  /** The monotonic clock when it began. */
  readonly startedMs: number;
  /** The first content of a stream is here. */
  firstToken(): void;
  /** The client reads too slowly: how fast the stream is says nothing of the endpoint any more. */
  holdUp(): void;
  /** To be told once; what was measured counts from the next choice on. */
  end(end: AttemptEnd): void;
}

/** Begins an attempt; on a half-open circuit it is the probe. */
export function watchAttempt({ clock, routing }: Runtime, endpoint: Endpoint): AttemptWatch {
  const { id } = endpoint;
  const circuit = routing.circuit(id);
  const startedMs = clock.monotonicMs();
  const trial = circuit.begin(startedMs);
  let firstTokenMs: number | null = null;
  let isHeldUp = false;
  return {
    startedMs,
    firstToken() {
      if (firstTokenMs !== null) return;
      firstTokenMs = clock.monotonicMs();
      trial.prove();
    },
    holdUp() {
      isHeldUp = true;
    },
    end({ verdict, outputTokens, retryAfterMs }) {
      const nowMs = clock.monotonicMs();
      const measure = {
        succeeded: verdict === 'inconclusive' ? null : verdict === 'success',
        ttftMs: firstTokenMs === null ? null : firstTokenMs - startedMs,
        outputTokens: isHeldUp ? null : outputTokens,
        generationMs: nowMs - (firstTokenMs ?? startedMs),
      };
      routing.stats(id).record(measure, nowMs);
      const waits = retryAfterMs !== null && retryAfterMs > 0;
      if (waits) circuit.wait(nowMs, retryAfterMs);
      // A 429 with Retry-After means busy; one without may mean broken.
      tellTrial(trial, verdict === 'busy' && waits ? 'inconclusive' : verdict, nowMs);
    },
  };
}

function tellTrial(trial: CircuitTrial, verdict: Verdict, nowMs: number): void {
  if (verdict === 'success') trial.succeed();
  else if (verdict === 'inconclusive') trial.forget();
  else trial.fail(nowMs, verdict === 'lasting');
}
