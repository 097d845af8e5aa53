import type { Counter } from './counter.ts';
import type { Amounts, WindowLimit } from './limit.ts';

/** A window moves on in so many steps: it forgets up to 1/240 of its length late, and never early. */
export const STEPS = 240;

/** Counts in a sliding window: a ring of steps and their sum, so that every operation takes one step. */
export function createWindowCounter(windowMs: number): Counter<WindowLimit> {
  const stepMs = windowMs / STEPS;
  // The present step, and those that any moment of it can look back to.
  const ring = new Float64Array(STEPS + 1);
  let newest = Number.NEGATIVE_INFINITY;
  let sum = 0;

  const stepOf = (atMs: number) => Math.floor(atMs / stepMs);
  const slotOf = (step: number) => ((step % ring.length) + ring.length) % ring.length;

  function moveTo(step: number): void {
    if (step <= newest) return;
    if (step - newest >= ring.length) {
      ring.fill(0);
      sum = 0;
    } else {
      for (let each = newest + 1; each <= step; each++) {
        sum -= ring[slotOf(each)] ?? 0;
        ring[slotOf(each)] = 0;
      }
    }
    newest = step;
  }

  function add(step: number, count: number): void {
    if (step <= newest - ring.length) return;
    const before = ring[slotOf(step)] ?? 0;
    // A counter that was forgotten meanwhile does not hold what is given back.
    const after = Math.max(0, before + count);
    ring[slotOf(step)] = after;
    sum += after - before;
  }

  /** Until the sum is no more than that. */
  function waitUntil(most: number, nowMs: number): number | null {
    let rest = sum;
    for (let step = newest - ring.length + 1; step <= newest; step++) {
      rest -= ring[slotOf(step)] ?? 0;
      if (rest <= most) return Math.max(1, Math.ceil((step + ring.length) * stepMs - nowMs));
    }
    return null;
  }

  return {
    fits(limit, claim, { steadyMs }) {
      moveTo(stepOf(steadyMs));
      return limit.max > 0 && sum + amountOf(limit, claim) <= limit.max;
    },
    take(limit, claim, { steadyMs }) {
      add(stepOf(steadyMs), amountOf(limit, claim));
    },
    settle(limit, { claim, steadyMs }, used) {
      // What has left the window is of no interest any more.
      add(stepOf(steadyMs), amountOf(limit, used) - amountOf(limit, claim));
    },
    restore(limit, usedAt, used, { steadyMs }) {
      moveTo(stepOf(steadyMs));
      add(stepOf(usedAt.steadyMs), amountOf(limit, used));
    },
    left(limit, { steadyMs }) {
      moveTo(stepOf(steadyMs));
      return Math.max(0, limit.max - sum);
    },
    waitMs(limit, claim, { steadyMs }) {
      moveTo(stepOf(steadyMs));
      const most = limit.max - amountOf(limit, claim);
      return limit.max === 0 || most < 0 ? null : waitUntil(most, steadyMs);
    },
    resetMs: () => (sum === 0 ? 0 : windowMs),
    read(_limit, { steadyMs, wallMs }) {
      moveTo(stepOf(steadyMs));
      const waitMs = sum === 0 ? null : waitUntil(0, steadyMs);
      return { used: sum, resetsAtMs: waitMs === null ? null : wallMs + waitMs };
    },
  };
}

/** What a window counts of the amounts. */
function amountOf({ metric }: WindowLimit, amounts: Amounts): number {
  return metric === 'tokens' ? amounts.tokensIn + amounts.tokensOut : amounts.requests;
}
