import { formatUsd } from '../usage/nano-usd.ts';
import type { LedgerSums } from '../usage/sum-ledger.ts';

/** RFC 4180 with a line of names; what is unknown is empty. */
export function formatUsageCsv({ grouping, rows }: LedgerSums): string {
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
