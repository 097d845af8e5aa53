import type { Counter } from './counter.ts';
import type { GaugeLimit } from './limit.ts';

/** How long a client waits for one of the running calls to end; nobody knows, so not long. */
const PATIENCE_MS = 1000;

/** Counts the calls in flight. */
export function createGaugeCounter(): Counter<GaugeLimit> {
  let running = 0;
  return {
    fits: ({ max }) => running < max,
    take() {
      running += 1;
    },
    settle() {
      // A counter that was forgotten meanwhile began again at none.
      running = Math.max(0, running - 1);
    },
    restore() {},
    left: ({ max }) => Math.max(0, max - running),
    waitMs: ({ max }) => (max === 0 ? null : PATIENCE_MS),
    resetMs: () => null,
    read: () => ({ used: running, resetsAtMs: null }),
  };
}
