import { performance } from 'node:perf_hooks';

/** Where time comes from; tests hand in one that they move themselves. */
export interface Clock {
  /** Milliseconds since the epoch, for timestamps and calendar windows. */
  now(): number;
  /** Milliseconds from an arbitrary origin that never go backwards, for durations. */
  monotonicMs(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};
