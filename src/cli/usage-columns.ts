import type { UsageSums } from '../usage/summary.ts';

/** A column of numbers in the table of `signalbox usage`. */
export interface UsageColumn {
  title: string;
  /** Narrow terminals lose the columns with the highest numbers first; 0 = none does. */
  sacrifice: number;
  cell(sums: UsageSums): string;
}

/** The columns between the names and the bars. */
export function usageColumns(total: UsageSums): UsageColumn[] {
  const decimals = chooseDecimals(total.costNanoUsd ?? 0n);
  const unknown: UsageColumn = {
    title: 'no price',
    sacrifice: 0,
    cell: ({ unknownCosts }) => (unknownCosts === 0 ? '' : formatCount(unknownCosts)),
  };
  return [
    { title: 'requests', sacrifice: 0, cell: ({ requests }) => formatCount(requests) },
    {
      title: 'errors',
      sacrifice: 3,
      cell: ({ errors }) => (errors === 0 ? '' : formatCount(errors)),
    },
    { title: 'tokens in', sacrifice: 1, cell: ({ inputTokens }) => formatCount(inputTokens) },
    { title: 'cached', sacrifice: 5, cell: ({ cachedTokens }) => formatCount(cachedTokens) },
    { title: 'out', sacrifice: 2, cell: ({ outputTokens }) => formatCount(outputTokens) },
    {
      title: 'cost $',
      sacrifice: 0,
      cell: ({ costNanoUsd }) => (costNanoUsd === null ? '?' : formatCost(costNanoUsd, decimals)),
    },
    ...(total.unknownCosts > 0 ? [unknown] : []),
    { title: 'p50', sacrifice: 6, cell: ({ p50Ms }) => formatMilliseconds(p50Ms) },
    { title: 'p95', sacrifice: 4, cell: ({ p95Ms }) => formatMilliseconds(p95Ms) },
  ];
}

/** 1234567 as 1,234,567. */
export function formatCount(count: number | bigint): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** As many decimals as tell small sums apart and large ones do not need. */
function chooseDecimals(totalNanos: bigint): number {
  if (totalNanos >= 100_000_000_000n) return 2;
  return totalNanos >= 1_000_000_000n ? 4 : 6;
}

/** US dollars for the eye, half up; what is too small to show is not shown as nothing. */
export function formatCost(nanos: bigint, decimals: number): string {
  const step = 10n ** BigInt(9 - decimals);
  const steps = (nanos + step / 2n) / step;
  if (steps === 0n && nanos > 0n) return `<${formatSteps(1n, decimals)}`;
  return formatSteps(steps, decimals);
}

function formatSteps(steps: bigint, decimals: number): string {
  const digits = String(steps).padStart(decimals + 1, '0');
  return `${formatCount(BigInt(digits.slice(0, -decimals)))}.${digits.slice(-decimals)}`;
}

/** 850 ms, 1.25 s, 61.0 s. */
export function formatMilliseconds(milliseconds: number | null): string {
  if (milliseconds === null) return '?';
  if (milliseconds < 1_000) return `${milliseconds} ms`;
  return `${(milliseconds / 1_000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}
