import type { LedgerAudit } from './audit-ledger.ts';
import { formatNumber, formatRatio, formatTable } from './format-table.ts';
import type { Machine } from './machine.ts';
import type { Goal } from './measure.ts';
import { type Comparison, DOUBTS, type FigureSummary, type MeasureSummary } from './summarise.ts';

/** The head of a report on paper. */
export function formatMachine(machine: Machine): string {
  const { date, node, system, cpu, cores, loadBefore } = machine;
  return `${date}, Node ${node}, ${cpu} × ${cores}, ${system}, load ${loadBefore.toFixed(2)} before the start`;
}

/** One measure as a table: a row for each figure, medians of the rounds, and the ratios. */
export function formatMeasure(summary: MeasureSummary): string {
  const { title, rounds, contenders, baseline, figures, audit } = summary;
  const head = ['', ...contenders, `÷ ${baseline} (middle half)`, 'goal', ''];
  const rows = figures.flatMap(({ label, values, comparisons: [first, ...others] }) => [
    [
      label,
      ...contenders.map((name) => formatNumber(values[name]?.median ?? Number.NaN)),
      ...(first ? formatComparison(first) : []),
    ],
    ...others.map((comparison) => [
      `  ${NAMES[comparison.by]} ${comparison.over}`,
      ...contenders.map(() => ''),
      ...formatComparison(comparison),
    ]),
  ]);
  const table = formatTable([head, ...rows], contenders.length);
  return `${title}; medians of ${rounds} rounds\n${table}${formatAudit(audit)}`;
}

/** What to make of ratios that did not settle; null if all did. */
export function formatDoubts(summaries: readonly MeasureSummary[]): string | null {
  const names = summaries.filter(({ figures }) => figures.some(isInDoubt)).map(({ name }) => name);
  if (names.length === 0) return null;
  return `Nothing can be concluded yet for ${names.join(', ')}: the rounds are too few, differ too
much, or lie on both sides of the goal. Take more rounds, on a quieter machine:
  npm run bench -- ${names.map((name) => `--only ${name}`).join(' ')} --rounds 20`;
}

const NAMES = { ratio: '÷', difference: '−', value: 'of' } as const;

function formatComparison({ by, result, goal, verdict }: Comparison): string[] {
  return [
    by === 'ratio' ? formatRatio(result) : formatNumber(result.median),
    goal === null ? '' : formatGoal(goal),
    verdict ?? '',
  ];
}

function isInDoubt({ comparisons }: FigureSummary): boolean {
  return comparisons.some(({ verdict }) => DOUBTS.some((doubt) => doubt === verdict));
}

function formatAudit({ calls, costNanos }: LedgerAudit): string {
  if (calls === 0) return '';
  const usd = formatNumber(Number(costNanos) / 1e9);
  return `\n  ${calls.toLocaleString('en-US')} calls of Signalbox, as many ledger lines, each of the exact cost: $${usd}`;
}

function formatGoal(goal: Goal): string {
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
}
