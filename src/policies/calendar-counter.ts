import type { Period } from './calendar.ts';
import type { Counter } from './counter.ts';
import { type CalendarLimit, exactCountOf } from './limit.ts';

/** What was used in one window of the calendar, exactly. */
interface Account extends Period {
  used: bigint;
  /** Of running calls. */
  held: bigint;
}

/** The windows that are remembered: the present one, and those that calls still running began in. */
const MAX_ACCOUNTS = 4;

/**
 * Counts in calendar windows (BUD-1). The windows that were left last are kept too: calls that began in
 * them settle there, and a clock that is set back finds them again.
 */
export function createCalendarCounter(): Counter<CalendarLimit> {
  /** The latest window first. */
  let accounts: Account[] = [];

  function accountAt({ calendar }: CalendarLimit, wallMs: number): Account {
    for (const known of accounts) if (contains(known, wallMs)) return known;
    const { startMs, endMs } = calendar.periodAt(wallMs);
    const account = { startMs, endMs, used: 0n, held: 0n };
    // The oldest is forgotten: what settles late must never take the place of the present one.
    accounts = [...accounts, account].sort((a, b) => b.startMs - a.startMs).slice(0, MAX_ACCOUNTS);
    return account;
  }

  return {
    fits(limit, claim, { wallMs }) {
      const { used, held } = accountAt(limit, wallMs);
      return used + held + exactCountOf(limit, claim) <= limit.max;
    },
    take(limit, claim, { wallMs }) {
      accountAt(limit, wallMs).held += exactCountOf(limit, claim);
    },
    settle(limit, { claim, wallMs }, used) {
      const account = accountAt(limit, wallMs);
      const held = account.held - exactCountOf(limit, claim);
      account.held = held > 0n ? held : 0n;
      account.used += exactCountOf(limit, used);
    },
    restore(limit, usedAt, used, { wallMs }) {
      const account = accountAt(limit, wallMs);
      if (contains(account, usedAt.wallMs)) account.used += exactCountOf(limit, used);
    },
    left(limit, { wallMs }) {
      const { used, held } = accountAt(limit, wallMs);
      const left = limit.max - used - held;
      return left > 0n ? left : 0n;
    },
    waitMs(limit, claim, { wallMs }) {
      const { endMs } = accountAt(limit, wallMs);
      const neverFits = exactCountOf(limit, claim) > limit.max;
      return neverFits || endMs === Number.POSITIVE_INFINITY ? null : Math.max(1, endMs - wallMs);
    },
    resetMs(limit, { wallMs }) {
      const { endMs } = accountAt(limit, wallMs);
      return endMs === Number.POSITIVE_INFINITY ? null : Math.max(0, endMs - wallMs);
    },
    read(limit, { wallMs }) {
      const { used, held, endMs } = accountAt(limit, wallMs);
      return {
        used: used + held,
        resetsAtMs: endMs === Number.POSITIVE_INFINITY ? null : endMs,
      };
    },
  };
}

function contains({ startMs, endMs }: Period, atMs: number): boolean {
  return atMs >= startMs && atMs < endMs;
}
