import type { Moment } from '../../src/policies/counter.ts';
import {
  type Amounts,
  exactCountOf,
  type Limit,
  type WindowLimit,
} from '../../src/policies/limit.ts';

/** Something that one limit was told; all that the reference keeps. */
interface Entry {
  steadyMs: number;
  wallMs: number;
  amounts: Amounts;
  /** Of a running call; what was restored never runs. */
  isRunning: boolean;
}

/** A limit's history, from which every answer is worked out anew. */
export interface Reference {
  fits(claim: Amounts, at: Moment): boolean;
  used(at: Moment): bigint;
  take(claim: Amounts, at: Moment): (used: Amounts) => void;
  restore(usedAtMs: number, used: Amounts, at: Moment): void;
  /** To be called when the limit was asked something. */
  ask(at: Moment): void;
}

const THOUSAND = 1000n;

const KEPT_WINDOWS = 4;

/** What a limit has to count, slowly and obviously. */
export function createReference(limit: Limit): Reference {
  const entries: Entry[] = [];
  /** A bucket's history: what it was asked for and given back, in order. */
  const flow: { steadyMs: number; requests: number }[] = [];
  /** The calendar's windows that were asked for last, the last one first; others are forgotten. */
  let kept: string[] = [];
  let askedMs = Number.NEGATIVE_INFINITY;

  function used(at: Moment): bigint {
    switch (limit.kind) {
      case 'window':
        return sum(
          entries.filter((entry) => isInWindow(limit, entry, at)),
          (amounts) => BigInt(amountOf(limit, amounts)),
        );
      case 'gauge':
        return BigInt(entries.filter(({ isRunning }) => isRunning).length);
      case 'bucket':
        return (lackingAt(at) + THOUSAND - 1n) / THOUSAND;
      case 'calendar':
        return sum(
          entries.filter(({ wallMs }) => periodOf(wallMs) === periodOf(at.wallMs)),
          (amounts) => exactCountOf(limit, amounts),
        );
    }
  }

  /** Thousandths of a request that the bucket lacks. */
  function lackingAt({ steadyMs }: Moment): bigint {
    let lacking = 0;
    let lastMs = flow[0]?.steadyMs ?? steadyMs;
    for (const each of [...flow, { steadyMs, requests: 0 }]) {
      lacking = Math.max(0, lacking - (each.steadyMs - lastMs) * limitRate());
      lacking = Math.max(0, lacking + each.requests * 1000);
      lastMs = Math.max(lastMs, each.steadyMs);
    }
    return BigInt(lacking);
  }
  const limitRate = () => (limit.kind === 'bucket' ? limit.max : 0);

  function periodOf(wallMs: number): string {
    const length = { day: 'yyyy-mm-dd'.length, month: 'yyyy-mm'.length, total: 0 };
    const period = limit.kind === 'calendar' ? limit.calendar.period : 'total';
    return new Date(wallMs).toISOString().slice(0, length[period as keyof typeof length]);
  }

  return {
    used,
    fits(claim, at) {
      switch (limit.kind) {
        case 'window':
          return limit.max > 0 && used(at) + BigInt(amountOf(limit, claim)) <= BigInt(limit.max);
        case 'gauge':
          return used(at) < BigInt(limit.max);
        case 'bucket':
          return limit.max > 0 && lackingAt(at) + THOUSAND <= BigInt(limit.burst) * THOUSAND;
        case 'calendar':
          return exactCountOf(limit, claim) === 0n
            ? limit.max > 0n
            : used(at) + exactCountOf(limit, claim) <= limit.max;
      }
    },
    take(claim, { steadyMs, wallMs }) {
      const entry = { steadyMs, wallMs, amounts: claim, isRunning: true };
      entries.push(entry);
      flow.push({ steadyMs, requests: claim.requests });
      return (amounts) => {
        entry.amounts = amounts;
        entry.isRunning = false;
        flow.push({ steadyMs: askedMs, requests: amounts.requests - claim.requests });
      };
    },
    restore(usedAtMs, amounts, at) {
      // Its age is what counts: the steady clock is ahead of a wall clock that was set back.
      const steadyMs = at.steadyMs - Math.max(0, at.wallMs - usedAtMs);
      const isPresent = limit.kind !== 'calendar' || periodOf(usedAtMs) === periodOf(at.wallMs);
      if (isPresent) entries.push({ steadyMs, wallMs: usedAtMs, amounts, isRunning: false });
      if (limit.kind !== 'bucket') return;
      // A bucket does not look back further than to when it was asked last, and never lacks more than it holds.
      const intoMs = Math.max(steadyMs, askedMs);
      const room = Number(BigInt(limit.burst) * THOUSAND - lackingAt({ ...at, steadyMs: intoMs }));
      const requests = Math.min(amounts.requests, room / 1000);
      flow.push({ steadyMs: intoMs, requests });
    },
    ask({ steadyMs, wallMs }) {
      askedMs = steadyMs;
      if (limit.kind !== 'calendar') return;
      const present = periodOf(wallMs);
      kept = [...new Set([present, ...kept])].slice(0, KEPT_WINDOWS);
      const rest = entries.filter((entry) => kept.includes(periodOf(entry.wallMs)));
      entries.splice(0, entries.length, ...rest);
    },
  };
}

/** A place comes back when the step in which its window ends is over: up to 1/240 late, never early. */
function isInWindow({ windowMs }: WindowLimit, entry: Entry, { steadyMs }: Moment): boolean {
  const stepMs = windowMs / 240;
  const beginsMs = Math.floor(entry.steadyMs / stepMs) * stepMs;
  return steadyMs < beginsMs + windowMs + stepMs;
}

function sum(entries: readonly Entry[], count: (amounts: Amounts) => bigint): bigint {
  return entries.reduce((total, { amounts }) => total + count(amounts), 0n);
}

function amountOf({ metric }: WindowLimit, { requests, tokensIn, tokensOut }: Amounts): number {
  return metric === 'tokens' ? tokensIn + tokensOut : requests;
}
