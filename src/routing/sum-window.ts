/** Older sums are as good as gone; it bounds memory. */
const CAPACITY = 512;

/** Pairs of whole numbers of the last while, with their sums. */
export interface SumWindow {
  add(part: number, whole: number, nowMs: number): void;
  /** The sums of the parts and of the wholes inside the window, and how many pairs made them. */
  read(nowMs: number): { part: number; whole: number; count: number };
}

/**
 * The pairs in order of time, with running sums: adding and expiring take one step each. Integers keep
 * the sums exact. An empty window takes next to no memory. The pairs lie in rings of plain numbers: as
 * objects they would outlive two collections of garbage, and be copied by both.
 */
export function createSumWindow(windowMs: number): SumWindow {
  const parts: number[] = [];
  const wholes: number[] = [];
  const times: number[] = [];
  let oldest = 0;
  let count = 0;
  let part = 0;
  let whole = 0;

  const removeOldest = () => {
    part -= parts[oldest] ?? 0;
    whole -= wholes[oldest] ?? 0;
    oldest = (oldest + 1) % CAPACITY;
    count -= 1;
  };
  const expire = (nowMs: number) => {
    while (count > 0 && (times[oldest] ?? 0) <= nowMs - windowMs) removeOldest();
  };
  return {
    add(addedPart, addedWhole, nowMs) {
      expire(nowMs);
      if (count === CAPACITY) removeOldest();
      const place = (oldest + count) % CAPACITY;
      parts[place] = addedPart;
      wholes[place] = addedWhole;
      times[place] = nowMs;
      count += 1;
      part += addedPart;
      whole += addedWhole;
    },
    read(nowMs) {
      expire(nowMs);
      return { part, whole, count };
    },
  };
}
