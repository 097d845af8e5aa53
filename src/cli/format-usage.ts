import { styleText } from 'node:util';
import { printable } from '../core/printable.ts';
import type { Grouping, UsageRow, UsageSums } from '../usage/summary.ts';
import { type UsageColumn, usageColumns } from './usage-columns.ts';

/** What the table of `signalbox usage` shows, and where. */
export interface UsageTable {
  grouping: Grouping;
  rows: readonly UsageRow[];
  total: UsageSums;
  /** Columns of the terminal; undefined = it goes to a file or a pipe, and gets no bars. */
  width: number | undefined;
}

const GAP = '  ';
const MAX_NAME = 40;
const MIN_NAME = 12;
const MAX_BAR = 24;
const MIN_BAR = 6;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A table of the rows and their total, as wide as the terminal lets it be. */
export function formatUsage({ grouping, rows, total, width }: UsageTable): string {
  const names = rows.map(({ group }) => cut(group === null ? '-' : printable(group), MAX_NAME));
  const titles = { name: grouping, total: `total (${rows.length})` };
  const longest = Math.max(...[titles.name, titles.total, ...names].map(lengthOf));
  const { columns, nameWidth, barWidth } = fitColumns({ rows, total, width, longest });
  const line = (name: string, cell: (column: UsageColumn) => string) =>
    [
      pad(cut(name, nameWidth), nameWidth),
      ...columns.map(({ column, width: cells }) => cell(column).padStart(cells)),
    ].join(GAP);
  const share = shareOf(total);
  return [
    paint(
      'bold',
      line(titles.name, ({ title }) => title),
    ),
    ...rows.map((row, index) => {
      const text = line(names[index] ?? '', ({ cell }) => cell(row));
      if (barWidth === 0) return text;
      return `${text}${GAP}${paint('cyan', drawBar(share(row), barWidth))}`.trimEnd();
    }),
    paint(
      'bold',
      line(titles.total, ({ cell }) => cell(total)),
    ),
  ].join('\n');
}

interface Fit {
  rows: readonly UsageRow[];
  total: UsageSums;
  width: number | undefined;
  longest: number;
}

/** Gives up bars first, then long names, then the columns that matter least. */
function fitColumns({ rows, total, width, longest }: Fit) {
  const sized = usageColumns(total).map((column) => ({
    column,
    width: Math.max(
      column.title.length,
      ...[...rows, total].map((sums) => lengthOf(column.cell(sums))),
    ),
  }));
  if (width === undefined) return { columns: sized, nameWidth: longest, barWidth: 0 };
  const spaceFor = (columns: typeof sized) =>
    columns.reduce((left, each) => left - GAP.length - each.width, width);
  let columns = sized;
  while (spaceFor(columns) < Math.min(longest, MIN_NAME)) {
    const worst = Math.max(...columns.map(({ column }) => column.sacrifice));
    if (worst === 0) break;
    columns = columns.filter(({ column }) => column.sacrifice !== worst);
  }
  const space = spaceFor(columns);
  const nameWidth = Math.max(1, Math.min(longest, space));
  const left = space - nameWidth - GAP.length;
  return { columns, nameWidth, barWidth: left < MIN_BAR ? 0 : Math.min(left, MAX_BAR) };
}

/** A row's part of the cost; where nothing cost anything, of the requests. */
function shareOf(total: UsageSums): (row: UsageRow) => number {
  const nanos = Number(total.costNanoUsd ?? 0n);
  if (nanos === 0) return ({ requests }) => requests / Math.max(1, total.requests);
  return ({ costNanoUsd }) => Number(costNanoUsd ?? 0n) / nanos;
}

/** Blocks to an eighth of a character; what is there at all is seen. */
function drawBar(share: number, width: number): string {
  const eighths = share === 0 ? 0 : Math.max(1, Math.round(share * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

function lengthOf(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - lengthOf(text)));
}

function cut(text: string, width: number): string {
  return lengthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;
}

function paint(style: 'bold' | 'cyan', text: string): string {
  return styleText(style, text, { stream: process.stdout });
}
