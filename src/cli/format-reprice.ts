import { styleText } from 'node:util';
import { printable } from '../core/printable.ts';
import { formatUsd } from '../usage/nano-usd.ts';
import type { RepriceRow } from './reprice-ledger.ts';
import { formatCount } from './usage-columns.ts';

interface Column {
  title: string;
  /** Shown only where a row has something to say. */
  isRare?: boolean;
  cell(row: RepriceRow): string;
}

const COLUMNS: readonly Column[] = [
  { title: 'requests', cell: ({ requests }) => formatCount(requests) },
  { title: 'recorded $', cell: ({ before }) => formatUsd(before) },
  { title: 'today $', cell: ({ after }) => formatUsd(after) },
  { title: 'difference $', cell: ({ before, after }) => formatDifference(after - before) },
  { title: '%', cell: formatPercent },
  { title: 'newly priced $', isRare: true, cell: ({ newNanos }) => formatUsd(newNanos) },
  { title: 'calls', isRare: true, cell: ({ newlyPriced }) => formatRare(newlyPriced) },
  { title: 'no price today', isRare: true, cell: ({ unpriced }) => formatRare(unpriced) },
  { title: 'not in config', isRare: true, cell: ({ gone }) => formatRare(gone) },
];

/** A table of what each model cost and would cost, to the nano, and the total. */
export function formatReprice({ rows }: { rows: readonly RepriceRow[] }): string {
  const total = rows.reduce(addRows);
  const all = [...rows, total];
  const columns = COLUMNS.filter(
    ({ isRare, cell }) => !isRare || !['', '0'].includes(cell(total)),
  ).map((column) => ({
    ...column,
    width: Math.max(column.title.length, ...all.map((row) => column.cell(row).length)),
  }));
  const names = rows.map(({ model }) => (model === null ? '-' : printable(model)));
  const nameWidth = Math.max(...['model', 'total', ...names].map(({ length }) => length));
  const line = (name: string, cell: (column: Column) => string) =>
    [name.padEnd(nameWidth), ...columns.map((column) => cell(column).padStart(column.width))].join(
      '  ',
    );
  return [
    paintBold(line('model', ({ title }) => title)),
    ...rows.map((row, index) => line(names[index] ?? '', ({ cell }) => cell(row))),
    paintBold(line('total', ({ cell }) => cell(total))),
  ].join('\n');
}

function addRows(sum: RepriceRow, row: RepriceRow): RepriceRow {
  return {
    model: null,
    requests: sum.requests + row.requests,
    before: sum.before + row.before,
    after: sum.after + row.after,
    newlyPriced: sum.newlyPriced + row.newlyPriced,
    newNanos: sum.newNanos + row.newNanos,
    unpriced: sum.unpriced + row.unpriced,
    gone: sum.gone + row.gone,
  };
}

function formatDifference(nanos: bigint): string {
  return nanos > 0n ? `+${formatUsd(nanos)}` : formatUsd(nanos);
}

/** To a tenth of a percent. */
function formatPercent({ before, after }: RepriceRow): string {
  if (before === after) return '0.0';
  if (before === 0n) return '';
  const tenths = Math.round((Number(after - before) / Number(before)) * 1_000);
  return `${tenths > 0 ? '+' : ''}${(tenths / 10).toFixed(1)}`;
}

function formatRare(calls: number): string {
  return calls === 0 ? '' : formatCount(calls);
}

function paintBold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}
