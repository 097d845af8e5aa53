/** A Retry-After further away than this is not believed (FAI-4). */
const MAX_RETRY_AFTER_MS = 600_000;

/** A pause is shortened by up to this share at random, so that probes do not march in step. */
const JITTER = 0.2;

/** When a circuit opens, and for how long. */
export interface CircuitSettings {
  /** Consecutive failures that open it. */
  failures: number;
  /** The first pause in milliseconds; each failed probe doubles it. */
  open: number;
  /** The longest pause in milliseconds. */
  max_open: number;
}

/**
 * `closed` = trusted · `open` = left for last · `half-open` = the pause is over, one call may probe ·
 * `probing` = a call does · `waiting` = it asked to be left alone for a while.
 */
export type CircuitState = 'closed' | 'open' | 'half-open' | 'probing' | 'waiting';

/** Whether one endpoint is worth trying (FAI-4). */
export interface Circuit {
  state(nowMs: number): CircuitState;
  /** An attempt begins; in `half-open` it is the probe. */
  begin(nowMs: number): void;
  succeed(): void;
  /** Opens after enough failures in a row, or at once for a failure that will repeat itself. */
  fail(nowMs: number, isLasting: boolean): void;
  /** The attempt ended without a verdict on the endpoint. */
  forget(): void;
  /** The endpoint asked to be left alone. */
  wait(nowMs: number, milliseconds: number): void;
}

/** A closed circuit. `random` gives numbers from 0 to 1. */
export function createCircuit(settings: CircuitSettings, random: () => number): Circuit {
  let failures = 0;
  let pauseMs = 0;
  let openUntil = 0;
  let waitUntil = 0;
  let probing = false;

  const state = (nowMs: number): CircuitState => {
    if (nowMs < waitUntil) return 'waiting';
    if (pauseMs === 0) return 'closed';
    if (probing) return 'probing';
    return nowMs < openUntil ? 'open' : 'half-open';
  };
  return {
    state,
    begin(nowMs) {
      if (state(nowMs) === 'half-open') probing = true;
    },
    succeed() {
      failures = 0;
      pauseMs = 0;
      probing = false;
    },
    fail(nowMs, isLasting) {
      failures += 1;
      probing = false;
      if (!isLasting && failures < settings.failures && pauseMs === 0) return;
      // Attempts that began before the circuit opened must not prolong its pause.
      if (pauseMs > 0 && nowMs < openUntil) return;
      pauseMs = Math.min(settings.max_open, pauseMs === 0 ? settings.open : pauseMs * 2);
      openUntil = nowMs + pauseMs * (1 - JITTER * random());
    },
    forget() {
      probing = false;
    },
    wait(nowMs, milliseconds) {
      probing = false;
      waitUntil = Math.max(waitUntil, nowMs + Math.min(milliseconds, MAX_RETRY_AFTER_MS));
    },
  };
}
