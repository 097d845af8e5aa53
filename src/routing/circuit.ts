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

/** What there is to know of a circuit at one moment. Plain, so that it can cross a process border. */
export interface CircuitView {
  /** Failures in a row. */
  failures: number;
  /** How often it has opened. */
  openings: number;
  isClosed: boolean;
  isProbed: boolean;
  /** Until a call may probe; not positive once it may. */
  openForMs: number;
  /** Until it may be disturbed again; not positive once it may. */
  waitForMs: number;
}

/** A circuit that judges what other processes attempt. */
export interface SharedCircuit extends Circuit {
  view(nowMs: number): CircuitView;
  /** The trial of an attempt, no probe, that began elsewhere when the circuit had opened so often. */
  resume(openings: number): CircuitTrial;
}

/** What a view tells of the moment that it was made. */
export function stateOf(view: CircuitView): CircuitState {
  if (view.waitForMs > 0) return 'waiting';
  if (view.isClosed) return 'closed';
  if (view.isProbed) return 'probing';
  return view.openForMs > 0 ? 'open' : 'half-open';
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
export function createCircuit(settings: CircuitSettings, random: () => number): SharedCircuit {
  let failures = 0;
  let openings = 0;
  /** 0 while closed. */
  let pauseMs = 0;
  let [openUntil, waitUntil] = [0, 0];
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
  const view = (nowMs: number): CircuitView => ({
    failures,
    openings,
    isClosed: pauseMs === 0,
    isProbed: probe !== null,
    openForMs: openUntil - nowMs,
    waitForMs: waitUntil - nowMs,
  });
  const state = (nowMs: number): CircuitState => {
    if (nowMs < waitUntil) return 'waiting';
    if (pauseMs === 0) return 'closed';
    if (probe !== null) return 'probing';
    return nowMs < openUntil ? 'open' : 'half-open';
  };
  const resume = (openingsBefore: number): CircuitTrial => {
    // A circuit that has opened since knows more than an attempt that began before.
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
        const isEnough = pauseMs === 0 && (isLasting || failures >= settings.failures);
        // While it is open, only the probe has a say: the others knew that it would hardly work.
        if (isProbe || isEnough) open(failedMs);
      },
      forget: release,
    };
    return trial;
  };
  return {
    state,
    view,
    resume,
    begin(nowMs) {
      const trial = resume(openings);
      if (state(nowMs) === 'half-open') probe = trial;
      return trial;
    },
    wait(nowMs, milliseconds) {
      waitUntil = Math.max(waitUntil, nowMs + Math.min(milliseconds, MAX_RETRY_AFTER_MS));
    },
  };
}
