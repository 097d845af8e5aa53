/** Where the values of a sample lie. */
export interface Quantiles {
  q1: number;
  median: number;
  q3: number;
  p99: number;
}

/** The quantiles of some values; NaN for none. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const position = (sorted.length - 1) * share;
    const below = sorted[Math.floor(position)] ?? Number.NaN;
    const above = sorted[Math.ceil(position)] ?? Number.NaN;
    return below + (above - below) * (position - Math.floor(position));
  };
  return { q1: at(0.25), median: at(0.5), q3: at(0.75), p99: at(0.99) };
}

/** How far the middle half of the values lies apart, as a share of their median. */
export function relativeSpread({ q1, median, q3 }: Quantiles): number {
  return Math.abs((q3 - q1) / median);
}
