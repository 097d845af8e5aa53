import { formatNumber, formatRatio, formatTable } from '../format-table.ts';
import type { GroupSummary } from './time-group.ts';

/** A group as a table: a row for each piece. */
export function formatGroup({ title, pieces }: GroupSummary): string {
  const head = ['', 'µs (median)', '÷ the first (middle half)'];
  const rows = pieces.map(({ label, micros, ratio }) => [
    label,
    formatNumber(micros.median),
    formatRatio(ratio),
  ]);
  return `${title}\n${formatTable([head, ...rows], 1)}`;
}
