/** How often each latency occurred, by the whole millisecond, so that percentiles are exact. */
export interface LatencyCounts {
  add(latencyMs: number): void;
  merge(other: LatencyCounts): void;
  /** The smallest latency that so many percent of all do not exceed; null where there is none. */
  percentile(percent: number): number | null;
  entries(): Iterable<[latencyMs: number, calls: number]>;
}

/** Counts of no latency at all. */
export function createLatencyCounts(): LatencyCounts {
  const counts = new Map<number, number>();
  let calls = 0;
  const add = (latencyMs: number, times: number) => {
    counts.set(latencyMs, (counts.get(latencyMs) ?? 0) + times);
    calls += times;
  };
  return {
    add: (latencyMs) => add(Math.round(latencyMs), 1),
    merge(other) {
      for (const [latencyMs, times] of other.entries()) add(latencyMs, times);
    },
    percentile(percent) {
      let missing = Math.max(1, Math.ceil((calls * percent) / 100));
      for (const [latencyMs, times] of [...counts].sort(([a], [b]) => a - b)) {
        missing -= times;
        if (missing <= 0) return latencyMs;
      }
      return null;
    },
    entries: () => counts.entries(),
  };
}
