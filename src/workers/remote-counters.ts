import type { CounterStore, Denial, Hold, Taking } from '../policies/counters.ts';
import type { Amounts, Limit } from '../policies/limit.ts';
import { numberLimits } from './limit-numbers.ts';
import type { Link } from './link.ts';
import type { Granted, OwnerOperations, Refused } from './operations.ts';
import { writeAmounts } from './plain-amounts.ts';
import { readStanding } from './plain-standing.ts';

/** A hold that the owner knows by a number; parts of it carry the number on. */
interface RemoteHold extends Hold {
  readonly number: number;
  /** How many limits the whole of it has. */
  readonly size: number;
}

/** The limits that one process counts for all, as a worker sees them: check and take are its step (POL-6). */
export function createRemoteCounters(owner: Link<OwnerOperations>): CounterStore {
  const numberOf = numberLimits(owner);
  let lastNumber = 0;

  async function ask(
    limits: readonly Limit[],
    claim: Amounts,
    ahead: readonly Limit[] | undefined,
  ): Promise<Taking> {
    const number = lastNumber + 1;
    lastNumber += 2;
    const aheadNumber = ahead === undefined ? 0 : numberOf(ahead);
    const plain = [number, numberOf(limits), aheadNumber, writeAmounts(claim)] as const;
    const answer = await owner.ask('take', plain);
    if (isRefused(answer)) return readRefusal(answer, limits);
    const [requests, tokens, refused] = answer;
    const admittance = {
      hold: holdOf(number, limits, claim),
      requests: readStanding(requests),
      tokens: readStanding(tokens),
    };
    if (ahead === undefined) return { ...admittance, ahead: null };
    if (refused !== null) return { ...admittance, ahead: readRefusal(refused, ahead) };
    const hold = holdOf(number + 1, ahead, claim);
    return { ...admittance, ahead: { hold, requests: null, tokens: null, ahead: null } };
  }
  return {
    take(limits, claim, ahead) {
      if (limits.length > 0 || ahead !== undefined) return ask(limits, claim, ahead);
      return { hold: holdOf(0, limits, claim), requests: null, tokens: null, ahead: null };
    },
    settle(hold, used) {
      if (hold.limits.length === 0) return;
      const { limits, number, size } = hold as RemoteHold;
      const part = limits.length === size ? null : limits.map(({ id }) => id);
      // The call's line goes with it, and that is waited for.
      owner.tell('settle', [number, part, writeAmounts(used)]);
    },
    restore() {},
    read: () => Promise.reject(new Error('Only the owner reads limits.')),
    retain() {},
  };
}

function holdOf(number: number, limits: readonly Limit[], claim: Amounts): RemoteHold {
  return { limits, claim, number, size: limits.length };
}

function isRefused(answer: Granted | Refused): answer is Refused {
  return 'limit' in answer;
}

function readRefusal({ left, limit: id, waitMs }: Refused, limits: readonly Limit[]): Denial {
  const limit = limits.find((each) => each.id === id);
  if (limit === undefined) throw new Error('The owner refused by a limit that was not asked for.');
  return { limit, left: typeof left === 'string' ? BigInt(left) : left, waitMs };
}
