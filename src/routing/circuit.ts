/** A Retry-After further away than this is not believed (FAI-4). */
const MAX_RETRY_AFTER_MS = 600_000;

/** A pause is shortened by up to this share at random, so that probes do not march in step. */
const JITTER = 0.2;

/** When a circuit opens, and for how long. */
export interface CircuitSettings {
  /** Consecutive failures that open it. */
  failures: number;
  /** The first pause in milliseconds; each failed probe doubles it. 0 = it never opens. */
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
  begin(nowMs: number): CircuitTrial;
  /** The endpoint asked to be left alone. */
  wait(nowMs: number, milliseconds: number): void;
}

/** One attempt as its circuit sees it; it ends with `succeed`, `fail` or `forget`. */
export interface CircuitTrial {
  /** The endpoint has begun to answer: others need not wait for the end of a long probe. */
  prove(): void;
  succeed(): void;
  /** Opens after enough failures in a row, or at once for a failure that will repeat itself. */
  fail(nowMs: number, isLasting: boolean): void;
  /** The attempt ended without a verdict on the endpoint. */
  forget(): void;
}

/** A closed circuit. `random` gives numbers from 0 to 1. */
export function createCircuit(settings: CircuitSettings, random: () => number): Circuit {
  let failures = 0;
  let openings = 0;
  /** 0 while closed. */
  let pauseMs = 0;
  let openUntil = 0;
  let waitUntil = 0;
  let probe: CircuitTrial | null = null;

  const close = () => {
    pauseMs = 0;
    probe = null;
  };
  const open = (nowMs: number) => {
    openings += 1;
    pauseMs = Math.min(settings.max_open, pauseMs === 0 ? settings.open : pauseMs * 2);
    openUntil = nowMs + pauseMs * (1 - JITTER * random());
  };
  const state = (nowMs: number): CircuitState => {
    if (nowMs < waitUntil) return 'waiting';
    if (pauseMs === 0) return 'closed';
    if (probe !== null) return 'probing';
    return nowMs < openUntil ? 'open' : 'half-open';
  };
  return {
    state,
    begin(nowMs) {
      const openingsBefore = openings;
      /** A circuit that has opened since knows more than an attempt that began before. */
      const isStale = () => openings !== openingsBefore;
      const release = () => {
        const isProbe = probe === trial;
        if (isProbe) probe = null;
        return isProbe;
      };
      const trial: CircuitTrial = {
        prove() {
          if (probe === trial) close();
        },
        succeed() {
          release();
          if (isStale()) return;
          failures = 0;
          close();
        },
        fail(failedMs, isLasting) {
          const isProbe = release();
          if (isStale()) return;
          failures += 1;
          const isEnough = isLasting || failures >= settings.failures;
          // While it is open, only the probe has a say: the others knew that it would hardly work.
          if (isProbe || (pauseMs === 0 && isEnough)) open(failedMs);
        },
        forget: release,
      };
      if (state(nowMs) === 'half-open') probe = trial;
      return trial;
    },
    wait(nowMs, milliseconds) {
      waitUntil = Math.max(waitUntil, nowMs + Math.min(milliseconds, MAX_RETRY_AFTER_MS));
    },
  };
}
