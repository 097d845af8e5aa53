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
 * Counts in calendar windows (BUD-1). The windows that were present last are kept too: calls that began in
 * them settle there, and a clock that is set back finds them again.
 */
export function createCalendarCounter(): Counter<CalendarLimit> {
  /** The window that was present last first, which need not be the latest: clocks are set back. */
  let accounts: Account[] = [];

  function presentAt({ calendar }: CalendarLimit, wallMs: number): Account {
    const [present] = accounts;
    if (present !== undefined && contains(present, wallMs)) return present;
    const account = accountAt(wallMs) ?? { ...calendar.periodAt(wallMs), used: 0n, held: 0n };
    accounts = [account, ...accounts.filter((each) => each !== account)].slice(0, MAX_ACCOUNTS);
    return account;
  }

  function accountAt(wallMs: number): Account | undefined {
    return accounts.find((each) => contains(each, wallMs));
  }

  return {
    fits(limit, claim, { wallMs }) {
      const count = exactCountOf(limit, claim);
      // A limit of 0 lets nothing pass (POL-1).
      if (count === 0n) return limit.max > 0n;
      const { used, held } = presentAt(limit, wallMs);
      return used + held + count <= limit.max;
    },
    take(limit, claim, { wallMs }) {
      presentAt(limit, wallMs).held += exactCountOf(limit, claim);
    },
    settle(limit, { claim, wallMs }, used) {
      const account = accountAt(wallMs);
      // Nobody asks any more what was used in a window that is forgotten.
      if (account === undefined) return;
      const held = account.held - exactCountOf(limit, claim);
      account.held = held > 0n ? held : 0n;
      account.used += exactCountOf(limit, used);
    },
    restore(limit, usedAt, used, { wallMs }) {
      const account = presentAt(limit, wallMs);
      if (contains(account, usedAt.wallMs)) account.used += exactCountOf(limit, used);
    },
    left(limit, { wallMs }) {
      const { used, held } = presentAt(limit, wallMs);
      const left = limit.max - used - held;
      return left > 0n ? left : 0n;
    },
    waitMs(limit, claim, { wallMs }) {
      const { endMs } = presentAt(limit, wallMs);
      const neverFits = exactCountOf(limit, claim) > limit.max;
      return neverFits || endMs === Number.POSITIVE_INFINITY ? null : Math.max(1, endMs - wallMs);
    },
    resetMs(limit, { wallMs }) {
      const { endMs } = presentAt(limit, wallMs);
      return endMs === Number.POSITIVE_INFINITY ? null : Math.max(0, endMs - wallMs);
    },
    read(limit, { wallMs }) {
      const { used, held, endMs } = presentAt(limit, wallMs);
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
