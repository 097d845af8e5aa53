import type { Labels, Sample } from './family.ts';

/** Upper bounds in milliseconds: from a cached answer to a long chain of thought. */
const BOUNDS_MS = [
  10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000,
];

const MS_PER_SECOND = 1_000;

/** Counts durations by size; observing one is an increment. */
export interface DurationHistogram {
  observe(milliseconds: number): void;
  /** The samples in seconds, as Prometheus counts time. */
  samples(labels: Labels): Sample[];
}

/** A histogram that has seen nothing. */
export function createDurationHistogram(): DurationHistogram {
  // One more than there are bounds, for what is longer than all of them.
  const counts = new Array<number>(BOUNDS_MS.length + 1).fill(0);
  let sumMs = 0;
  return {
    observe(milliseconds) {
      let index = 0;
      while (milliseconds > (BOUNDS_MS[index] ?? Number.POSITIVE_INFINITY)) index++;
      counts[index] = (counts[index] ?? 0) + 1;
      sumMs += milliseconds;
    },
    samples(labels) {
      let total = 0;
      const buckets = counts.map((count, index): Sample => {
        total += count;
        const bound = BOUNDS_MS[index];
        const le = bound === undefined ? '+Inf' : String(bound / MS_PER_SECOND);
        return { suffix: '_bucket', labels: { ...labels, le }, value: total };
      });
      return [
        ...buckets,
        { suffix: '_sum', labels, value: sumMs / MS_PER_SECOND },
        { suffix: '_count', labels, value: total },
      ];
    },
  };
}
