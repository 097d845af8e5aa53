/** How often each latency occurred, by the whole millisecond, so that percentiles are exact. */
export interface LatencyCounts {
  add(latencyMs: number): void;
  /** The smallest latency that so many percent of all do not exceed; null where there is none. */
  percentile(percent: number): number | null;
  keep(): KeptLatencies;
}

/** Counts as they are written down. */
export interface KeptLatencies {
  /** Such as `80:1,120:3`: milliseconds and how often. */
  counts: string;
  /** The percentiles that are always asked for, so that counts that did not change need no reading. */
  percentiles: Readonly<Record<number, number | null>>;
}

const ALWAYS_ASKED = [50, 95];

const NOTHING: KeptLatencies = { counts: '', percentiles: {} };

/** Counts that go on from what was kept, or from none. */
export function createLatencyCounts(kept: KeptLatencies = NOTHING): LatencyCounts {
  let counts: Map<number, number> | null = null;
  let calls = 0;
  let isChanged = false;

  const open = (): Map<number, number> => {
    if (counts !== null) return counts;
    counts = new Map();
    for (const pair of kept.counts === '' ? [] : kept.counts.split(',')) {
      const [latencyMs, times] = pair.split(':').map(Number);
      counts.set(latencyMs ?? 0, times ?? 0);
      calls += times ?? 0;
    }
    return counts;
  };
  const percentile = (percent: number): number | null => {
    const known = isChanged ? undefined : kept.percentiles[percent];
    if (known !== undefined) return known;
    const sorted = [...open()].sort(([a], [b]) => a - b);
    let missing = Math.max(1, Math.ceil((calls * percent) / 100));
    for (const [latencyMs, times] of sorted) {
      missing -= times;
      if (missing <= 0) return latencyMs;
    }
    return null;
  };
  return {
    add(latencyMs) {
      const whole = Math.round(latencyMs);
      const known = open();
      known.set(whole, (known.get(whole) ?? 0) + 1);
      calls += 1;
      isChanged = true;
    },
    percentile,
    keep() {
      if (!isChanged) return kept;
      return {
        counts: Array.from(open(), ([latencyMs, times]) => `${latencyMs}:${times}`).join(','),
        percentiles: Object.fromEntries(ALWAYS_ASKED.map((each) => [each, percentile(each)])),
      };
    },
  };
}
