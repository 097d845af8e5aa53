/** Older sums are as good as gone; it bounds memory. */
const CAPACITY = 512;

/** What an endpoint that is hardly used needs; doubled when it is not enough. */
const FIRST_CAPACITY = 8;

/** Pairs of whole numbers of the last while, with their sums. */
export interface SumWindow {
  add(part: number, whole: number, nowMs: number): void;
  /** The sums of the parts and of the wholes inside the window, and how many pairs made them. */
  read(nowMs: number): { part: number; whole: number; count: number };
}

/**
 * The pairs in order of time, with running sums: adding and expiring take one step each. Integers keep
 * the sums exact. The pairs lie in rings of plain numbers, as long as the window was ever full: as
 * objects they would outlive two collections of garbage, and be copied by both.
 */
export function createSumWindow(windowMs: number): SumWindow {
  let parts: number[] = [];
  let wholes: number[] = [];
  let times: number[] = [];
  let capacity = FIRST_CAPACITY;
  let oldest = 0;
  let count = 0;
  let part = 0;
  let whole = 0;

  const removeOldest = () => {
    part -= parts[oldest] ?? 0;
    whole -= wholes[oldest] ?? 0;
    oldest = (oldest + 1) % capacity;
    count -= 1;
  };
  const expire = (nowMs: number) => {
    while (count > 0 && (times[oldest] ?? 0) <= nowMs - windowMs) removeOldest();
  };
  const makeRoom = () => {
    if (count < capacity) return;
    if (capacity === CAPACITY) return removeOldest();
    const inOrder = (ring: number[]) => [...ring.slice(oldest), ...ring.slice(0, oldest)];
    parts = inOrder(parts);
    wholes = inOrder(wholes);
    times = inOrder(times);
    oldest = 0;
    capacity *= 2;
  };
  return {
    add(addedPart, addedWhole, nowMs) {
      expire(nowMs);
      makeRoom();
      const place = (oldest + count) % capacity;
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
