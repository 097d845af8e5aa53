import { formatUsd } from '../usage/nano-usd.ts';
import type { Grouping, UsageRow, UsageSums } from '../usage/summary.ts';
import { toSummaryMembers } from '../usage/summary-json.ts';

/** Sums for programs, exact to the nano. */
export interface UsageData {
  grouping: Grouping;
  rows: readonly UsageRow[];
  total: UsageSums;
  /** Lines of the ledger that could not be read. */
  damagedLines: number;
}

/** One JSON object on one line; a group that calls do not have is null. */
export function formatUsageJson({ grouping, rows, total, damagedLines }: UsageData): string {
  const texts = rows.map(({ group, ...sums }) => {
    const name = `${JSON.stringify(grouping)}:${JSON.stringify(group)}`;
    return `{${name},${toSummaryMembers(sums)}}`;
  });
  const members = [
    `"by":"${grouping}"`,
    `"rows":[${texts.join(',')}]`,
    `"total":{${toSummaryMembers(total)}}`,
    `"damaged_lines":${damagedLines}`,
  ];
  return `{${members.join(',')}}`;
}

/** RFC 4180 with a line of names; what is unknown is empty. */
export function formatUsageCsv({ grouping, rows }: UsageData): string {
  const names = [
    'requests',
    'errors',
    'tokens_in',
    'tokens_cached',
    'tokens_out',
    'cost_nanos_usd',
    'cost_usd',
    'unknown_costs',
    'p50_ms',
    'p95_ms',
  ];
  const lines = rows.map((row) => [
    quote(row.group ?? ''),
    row.requests,
    row.errors,
    row.inputTokens,
    row.cachedTokens,
    row.outputTokens,
    row.costNanoUsd ?? '',
    row.costNanoUsd === null ? '' : formatUsd(row.costNanoUsd),
    row.unknownCosts,
    row.p50Ms ?? '',
    row.p95Ms ?? '',
  ]);
  return [[grouping, ...names], ...lines].map((cells) => cells.join(',')).join('\r\n');
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
