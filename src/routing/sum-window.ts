/** Older sums are as good as gone; it bounds memory. */
const CAPACITY = 512;

/** Pairs of whole numbers of the last while, with their sums. */
export interface SumWindow {
  add(part: number, whole: number, nowMs: number): void;
  /** The sums of the parts and of the wholes inside the window, and how many pairs made them. */
  read(nowMs: number): { part: number; whole: number; count: number };
}

interface Pair {
  part: number;
  whole: number;
  atMs: number;
}

/**
 * The pairs in order of time, with running sums: adding and expiring take one step each. Integers keep
 * the sums exact. An empty window takes next to no memory.
 */
export function createSumWindow(windowMs: number): SumWindow {
  const pairs: Pair[] = [];
  let part = 0;
  let whole = 0;

  const removeOldest = () => {
    const oldest = pairs.shift();
    part -= oldest?.part ?? 0;
    whole -= oldest?.whole ?? 0;
  };
  const expire = (nowMs: number) => {
    while (pairs[0] && pairs[0].atMs <= nowMs - windowMs) removeOldest();
  };
  return {
    add(addedPart, addedWhole, nowMs) {
      expire(nowMs);
      if (pairs.length === CAPACITY) removeOldest();
      pairs.push({ part: addedPart, whole: addedWhole, atMs: nowMs });
      part += addedPart;
      whole += addedWhole;
    },
    read(nowMs) {
      expire(nowMs);
      return { part, whole, count: pairs.length };
    },
  };
}
