import type { Hold } from '../policies/counters.ts';

/** What the calls of one worker hold, by the numbers that it gave. */
export interface Holds {
  add(number: number, hold: Hold): void;
  /** The part of a hold that limits of those ids are, which is no more held then; null = all that is left of it. */
  take(number: number, part: readonly string[] | null): Hold | undefined;
  /** Everything, which is no more held then. */
  takeAll(): Hold[];
}

/** Nothing is held. */
export function createHolds(): Holds {
  const held = new Map<number, Hold>();
  return {
    add(number, hold) {
      // A hold of nothing is never settled.
      if (hold.limits.length > 0) held.set(number, hold);
    },
    take(number, part) {
      const hold = held.get(number);
      held.delete(number);
      if (hold === undefined || part === null) return hold;
      const rest = hold.limits.filter(({ id }) => !part.includes(id));
      if (rest.length > 0) held.set(number, { ...hold, limits: rest });
      return { ...hold, limits: hold.limits.filter(({ id }) => part.includes(id)) };
    },
    takeAll() {
      const all = [...held.values()];
      held.clear();
      return all;
    },
  };
}
