import type { Clock } from '../../src/core/clock.ts';

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void;
}

/** A clock that stands at the beginning of 2027, or at another moment. */
export function createTestClock(startedAt: number = Date.UTC(2027, 0, 1)): TestClock {
  let elapsedMs = 0;
  return {
    now: () => startedAt + elapsedMs,
    monotonicMs: () => elapsedMs,
    advance(milliseconds) {
      elapsedMs += milliseconds;
    },
  };
}
