/** Older sums are as good as gone; it bounds memory. */
const CAPACITY = 512;

/** Pairs of whole numbers of the last while, with their sums. */
export interface SumWindow {
  add(part: number, whole: number, nowMs: number): void;
  /** The sums of the parts and of the wholes inside the window, and how many pairs made them. */
  read(nowMs: number): { part: number; whole: number; count: number };
}

/** A ring with running sums: adding and expiring take one step each. Integers keep the sums exact. */
export function createSumWindow(windowMs: number): SumWindow {
  const parts = new Float64Array(CAPACITY);
  const wholes = new Float64Array(CAPACITY);
  const times = new Float64Array(CAPACITY);
  let start = 0;
  const sums = { part: 0, whole: 0, count: 0 };

  const removeOldest = () => {
    sums.part -= parts[start] ?? 0;
    sums.whole -= wholes[start] ?? 0;
    sums.count -= 1;
    start = (start + 1) % CAPACITY;
  };
  const expire = (nowMs: number) => {
    while (sums.count > 0 && (times[start] ?? 0) <= nowMs - windowMs) removeOldest();
  };
  return {
    add(part, whole, nowMs) {
      expire(nowMs);
      if (sums.count === CAPACITY) removeOldest();
      const end = (start + sums.count) % CAPACITY;
      parts[end] = part;
      wholes[end] = whole;
      times[end] = nowMs;
      sums.part += part;
      sums.whole += whole;
      sums.count += 1;
    },
    read(nowMs) {
      expire(nowMs);
      return { ...sums };
    },
  };
}
