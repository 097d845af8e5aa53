import type { ReadNumbers } from './number-list.ts';

/** How often each latency occurred, by the whole millisecond, so that percentiles are exact. */
export interface LatencyCounts {
  add(latencyMs: number): void;
  /** The smallest latency that so many percent of all do not exceed; null where there is none. */
  percentile(percent: number): number | null;
  /** Hands its numbers to `put`, which says where they stand among all that are kept. */
  keep(put: (numbers: Uint32Array) => number): KeptLatencies;
}

/** Counts as they are written down. The numbers stand apart: most are never looked at again. */
export interface KeptLatencies {
  calls: number;
  /** Where the latencies that occurred begin, ascending, and how often each did. */
  latenciesAt: number;
  timesAt: number;
  size: number;
  /** The percentiles that are always asked for, so that counts that did not change need no reading. */
  percentiles: Readonly<Record<number, number | null>>;
}

/** The latencies that occurred, ascending, and how often each did. */
interface SortedCounts {
  latencies: Uint32Array;
  times: Uint32Array;
}

const ALWAYS_ASKED = [50, 95];

const NOTHING: KeptLatencies = { calls: 0, latenciesAt: 0, timesAt: 0, size: 0, percentiles: {} };

/** Counts that go on from what was kept, or from none. */
export function createLatencyCounts(
  kept: KeptLatencies = NOTHING,
  read: ReadNumbers = () => new Uint32Array(),
): LatencyCounts {
  const added = new Map<number, number>();
  let sorted: SortedCounts | null = null;
  let { calls } = kept;

  const open = (): SortedCounts => ({
    latencies: read(kept.latenciesAt, kept.size),
    times: read(kept.timesAt, kept.size),
  });
  const sort = (): SortedCounts => {
    sorted = merge(sorted ?? open(), added);
    added.clear();
    return sorted;
  };
  const percentile = (percent: number): number | null => {
    const known = calls === kept.calls ? kept.percentiles[percent] : undefined;
    if (known !== undefined) return known;
    return findRank(sort(), Math.max(1, Math.ceil((calls * percent) / 100)));
  };
  return {
    add(latencyMs) {
      const whole = Math.round(latencyMs);
      added.set(whole, (added.get(whole) ?? 0) + 1);
      calls += 1;
    },
    percentile,
    keep(put) {
      const { latencies, times } = sort();
      return {
        calls,
        latenciesAt: put(latencies),
        timesAt: put(times),
        size: latencies.length,
        percentiles: Object.fromEntries(ALWAYS_ASKED.map((each) => [each, percentile(each)])),
      };
    },
  };
}

function findRank({ latencies, times }: SortedCounts, rank: number): number | null {
  let missing = rank;
  for (let place = 0; place < times.length; place += 1) {
    missing -= times[place] ?? 0;
    if (missing <= 0) return latencies[place] ?? null;
  }
  return null;
}

/** Copies what stands between the added latencies whole: they are few beside those of a day. */
function merge(known: SortedCounts, added: ReadonlyMap<number, number>): SortedCounts {
  if (added.size === 0) return known;
  const latencies = new Uint32Array(known.latencies.length + added.size);
  const times = new Uint32Array(latencies.length);
  let from = 0;
  let size = 0;
  const copyUntil = (to: number) => {
    latencies.set(known.latencies.subarray(from, to), size);
    times.set(known.times.subarray(from, to), size);
    size += to - from;
    from = to;
  };
  for (const [latencyMs, count] of [...added].sort(([a], [b]) => a - b)) {
    copyUntil(placeOf(known.latencies, latencyMs, from));
    const isKnown = known.latencies[from] === latencyMs;
    latencies[size] = latencyMs;
    times[size] = count + (isKnown ? (known.times[from] ?? 0) : 0);
    size += 1;
    if (isKnown) from += 1;
  }
  copyUntil(known.latencies.length);
  return { latencies: latencies.subarray(0, size), times: times.subarray(0, size) };
}

/** The first place from `from` on that holds no smaller number. */
function placeOf(numbers: Uint32Array, wanted: number, from: number): number {
  let low = from;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
