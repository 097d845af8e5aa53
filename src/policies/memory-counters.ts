import type { Clock } from '../core/clock.ts';
import { createBucketCounter } from './bucket-counter.ts';
import { createCalendarCounter } from './calendar-counter.ts';
import type { Counter, MemoryHold, Moment } from './counter.ts';
import {
  type Admittance,
  type CounterStore,
  type Denial,
  type Hold,
  isDenial,
  type LimitStanding,
  type Reading,
  type Taking,
} from './counters.ts';
import { createGaugeCounter } from './gauge-counter.ts';
import type { Amounts, Limit } from './limit.ts';
import { createWindowCounter } from './window-counter.ts';

/** A counter store that answers at once. */
export interface MemoryCounters extends CounterStore {
  take(limits: readonly Limit[], claim: Amounts, ahead?: readonly Limit[]): Taking;
  settle(hold: Hold, used: Amounts): void;
  read(limit: Limit): Reading;
}

interface OpenAdmittance extends Admittance {
  ahead: Taking | null;
}

/** A limit and what counts for it. */
interface LimitCounter {
  limit: Limit;
  counter: Counter;
}

/** Counters of this process, all at zero. */
export function createMemoryCounters(clock: Clock): MemoryCounters {
  const counters = new Map<string, Counter>();
  /** The counters of each list of limits: a call asks for them three times, and the catalog has few lists. */
  let listed = new WeakMap<readonly Limit[], readonly LimitCounter[]>();
  const now = createMomentReader(clock);

  function counterOf(limit: Limit): Counter {
    const known = counters.get(limit.id);
    if (known) return known;
    const counter = createCounter(limit);
    counters.set(limit.id, counter);
    return counter;
  }

  function countersOf(limits: readonly Limit[]): readonly LimitCounter[] {
    const known = listed.get(limits);
    if (known !== undefined) return known;
    const found = limits.map((limit) => ({ limit, counter: counterOf(limit) }));
    listed.set(limits, found);
    return found;
  }

  function takeAt(limits: readonly Limit[], claim: Amounts, at: Moment): OpenAdmittance | Denial {
    const counted = countersOf(limits);
    for (const { limit, counter } of counted) {
      if (counter.fits(limit, claim, at)) continue;
      return { limit, left: counter.left(limit, at), waitMs: counter.waitMs(limit, claim, at) };
    }
    let requests: LimitStanding | null = null;
    let tokens: LimitStanding | null = null;
    for (const { limit, counter } of counted) {
      counter.take(limit, claim, at);
      if (limit.metric === 'requests') requests = tighter(requests, counter, limit, at);
      else if (limit.metric === 'tokens') tokens = tighter(tokens, counter, limit, at);
    }
    const hold: MemoryHold = { limits, claim, steadyMs: at.steadyMs, wallMs: at.wallMs };
    return { hold, requests, tokens, ahead: null };
  }

  return {
    take(limits, claim, ahead) {
      const at = now();
      const taking = takeAt(limits, claim, at);
      if (ahead !== undefined && !isDenial(taking)) taking.ahead = takeAt(ahead, claim, at);
      return taking;
    },
    settle(hold, used) {
      // Whatever is settled here was taken here, or is a part of that.
      const own = hold as MemoryHold;
      for (const { limit, counter } of countersOf(own.limits)) counter.settle(limit, own, used);
    },
    restore(limit, usedAtMs, used) {
      const at = now();
      // Its age is what both clocks share: the steady one is ahead of a wall clock that was set back.
      const ageMs = Math.max(0, at.wallMs - usedAtMs);
      const usedAt = { steadyMs: at.steadyMs - ageMs, wallMs: usedAtMs };
      counterOf(limit).restore(limit, usedAt, used, at);
    },
    read: (limit) => counterOf(limit).read(limit, now()),
    retain(limits) {
      const ids = new Set(Array.from(limits, ({ id }) => id));
      listed = new WeakMap();
      for (const id of counters.keys()) if (!ids.has(id)) counters.delete(id);
    },
  };
}

/** Each counter is only ever asked by limits of the kind that it was made for: ids tell kinds apart. */
function createCounter(limit: Limit): Counter {
  switch (limit.kind) {
    case 'window':
      return createWindowCounter(limit.windowMs) as Counter;
    case 'bucket':
      return createBucketCounter() as Counter;
    case 'gauge':
      return createGaugeCounter() as Counter;
    case 'calendar':
      return createCalendarCounter() as Counter;
  }
}

/** The standing with less left. */
function tighter(
  known: LimitStanding | null,
  counter: Counter,
  limit: Limit,
  at: Moment,
): LimitStanding | null {
  const left = Number(counter.left(limit, at));
  if (known !== null && known.left <= left) return known;
  return { max: Number(limit.max), left, resetMs: counter.resetMs(limit, at) };
}

/** Reads the wall clock, and beside it one that stands still while the wall clock is set back. */
function createMomentReader(clock: Clock): () => Moment {
  let offsetMs = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  return () => {
    const wallMs = clock.now();
    if (wallMs + offsetMs < lastMs) offsetMs = lastMs - wallMs;
    lastMs = wallMs + offsetMs;
    return { steadyMs: lastMs, wallMs };
  };
}
