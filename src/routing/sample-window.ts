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

interface Sample {
  value: number;
  atMs: number;
}

/**
 * The samples in order of time beside their values in order of size: an update moves at most 512
 * numbers, and the median is read in one step. An empty window takes next to no memory.
 */
export function createSampleWindow(windowMs: number): SampleWindow {
  const samples: Sample[] = [];
  const sorted: number[] = [];

  const removeOldest = () => {
    const oldest = samples.shift();
    if (oldest) sorted.splice(lowerBound(sorted, oldest.value), 1);
  };
  const expire = (nowMs: number) => {
    while (samples[0] && samples[0].atMs <= nowMs - windowMs) removeOldest();
  };
  return {
    add(value, nowMs) {
      expire(nowMs);
      if (samples.length === CAPACITY) removeOldest();
      samples.push({ value, atMs: nowMs });
      sorted.splice(lowerBound(sorted, value), 0, value);
    },
    count(nowMs) {
      expire(nowMs);
      return samples.length;
    },
    median(nowMs) {
      expire(nowMs);
      return sorted[(sorted.length - 1) >> 1] ?? null;
    },
  };
}

/** The first place whose value is not below the given one. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
