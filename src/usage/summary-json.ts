import { formatUsd } from './nano-usd.ts';
import type { LedgerSums } from './sum-ledger.ts';
import type { UsageSums } from './summary.ts';

/** One JSON object on one line; a group that calls do not have is null. */
export function toUsageJson({ grouping, rows, total, damagedLines }: LedgerSums): string {
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

/** Sums as the members of a JSON object, without its braces; money keeps every digit. */
function toSummaryMembers(sums: UsageSums): string {
  const { requests, errors, costNanoUsd } = sums;
  const counts = JSON.stringify({
    requests,
    errors,
    tokens: { in: sums.inputTokens, cached: sums.cachedTokens, out: sums.outputTokens },
  });
  const rest = JSON.stringify({
    cost_usd: costNanoUsd === null ? null : formatUsd(costNanoUsd),
    unknown_costs: sums.unknownCosts,
    latency_ms: { p50: sums.p50Ms, p95: sums.p95Ms },
  });
  return `${counts.slice(1, -1)},"cost_nanos_usd":${costNanoUsd},${rest.slice(1, -1)}`;
}
