import type { CounterStore, Denial, Hold, Taking } from '../policies/counters.ts';
import type { Amounts, Limit } from '../policies/limit.ts';
import { writeLimits } from './limit-list.ts';
import type { Link } from './link.ts';
import type { Granted, OwnerOperations, Refused } from './operations.ts';
import { writeAmounts } from './plain-amounts.ts';

/** A hold that the owner knows by a number; parts of it carry the number on. */
interface RemoteHold extends Hold {
  readonly number: number;
  /** How many limits the whole of it has. */
  readonly size: number;
}

/** The limits that one process counts for all, as a worker sees them: check and take are its step (POL-6). */
export function createRemoteCounters(owner: Link<OwnerOperations>): CounterStore {
  let lastNumber = 0;

  async function take(limits: readonly Limit[], claim: Amounts): Promise<Taking> {
    lastNumber += 1;
    const number = lastNumber;
    const plain = { hold: number, limits: writeLimits(limits), claim: writeAmounts(claim) };
    const answer = await owner.ask('take', plain);
    if (isRefused(answer)) return readRefusal(answer, limits);
    const { steadyMs, wallMs, requests, tokens } = answer;
    const hold: RemoteHold = { limits, claim, steadyMs, wallMs, number, size: limits.length };
    return { hold, requests, tokens };
  }
  return {
    take(limits, claim) {
      if (limits.length > 0) return take(limits, claim);
      return { hold: { limits, claim, steadyMs: 0, wallMs: 0 }, requests: null, tokens: null };
    },
    settle(hold, used) {
      if (hold.limits.length === 0) return;
      const { limits, number, size } = hold as RemoteHold;
      const part = limits.length === size ? null : limits.map(({ id }) => id);
      // The call's line goes with it, and that is waited for.
      owner.tell('settle', { hold: number, part, used: writeAmounts(used) });
    },
    restore() {},
    read: () => Promise.reject(new Error('Only the owner reads limits.')),
    retain() {},
  };
}

function isRefused(answer: Granted | Refused): answer is Refused {
  return 'limit' in answer;
}

function readRefusal({ left, limit: id, waitMs }: Refused, limits: readonly Limit[]): Denial {
  const limit = limits.find((each) => each.id === id);
  if (limit === undefined) throw new Error('The owner refused by a limit that was not asked for.');
  return { limit, left: typeof left === 'string' ? BigInt(left) : left, waitMs };
}
