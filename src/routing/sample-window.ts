/** More samples than this say nothing new of a median; it bounds memory and the cost of an update. */
const CAPACITY = 512;

/** Measurements of the last while, the newest 512 of them at most. */
export interface SampleWindow {
  add(value: number, nowMs: number): void;
  /** How many measurements are inside the window. */
  count(nowMs: number): number;
  /** The exact median of them, the lower of two middle ones; null without any. */
  median(nowMs: number): number | null;
}

/**
 * A sorted array beside a ring of the same samples in order of time: an update moves at most 512
 * numbers, and the median is read in one step.
 */
export function createSampleWindow(windowMs: number): SampleWindow {
  const values = new Float64Array(CAPACITY);
  const times = new Float64Array(CAPACITY);
  const sorted = new Float64Array(CAPACITY);
  let start = 0;
  let length = 0;

  const removeOldest = () => {
    const at = lowerBound(sorted, length, values[start] ?? 0);
    sorted.copyWithin(at, at + 1, length);
    start = (start + 1) % CAPACITY;
    length -= 1;
  };
  const expire = (nowMs: number) => {
    while (length > 0 && (times[start] ?? 0) <= nowMs - windowMs) removeOldest();
  };
  return {
    add(value, nowMs) {
      expire(nowMs);
      if (length === CAPACITY) removeOldest();
      const end = (start + length) % CAPACITY;
      values[end] = value;
      times[end] = nowMs;
      const at = lowerBound(sorted, length, value);
      sorted.copyWithin(at + 1, at, length);
      sorted[at] = value;
      length += 1;
    },
    count(nowMs) {
      expire(nowMs);
      return length;
    },
    median(nowMs) {
      expire(nowMs);
      return length === 0 ? null : (sorted[(length - 1) >> 1] ?? null);
    },
  };
}

/** The first place whose value is not below the given one. */
function lowerBound(sorted: Float64Array, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
