import { formatNumber, formatRatio, formatTable } from './format-table.ts';
import type { Machine } from './machine.ts';
import type { Goal } from './measure.ts';
import { DOUBTS, type FigureSummary, type MeasureSummary } from './summarise.ts';

/** The head of a report on paper. */
export function formatMachine(machine: Machine): string {
  const { date, node, system, cpu, cores, loadBefore } = machine;
  return `${date}, Node ${node}, ${cpu} × ${cores}, ${system}, load ${loadBefore.toFixed(2)} before the start`;
}

/** One measure as a table: a row for each figure, medians of the rounds, and the ratio. */
export function formatMeasure(summary: MeasureSummary): string {
  const { title, rounds, contenders, baseline, figures } = summary;
  const head = ['', ...contenders, `÷ ${baseline} (middle half)`, 'goal', ''];
  const rows = figures.map((figure) => [
    figure.label,
    ...contenders.map((name) => formatNumber(figure.values[name]?.median ?? Number.NaN)),
    formatRatio(figure.ratio),
    figure.goal === null ? '' : formatGoal(figure.goal),
    figure.verdict ?? '',
  ]);
  return `${title}; medians of ${rounds} rounds\n${formatTable([head, ...rows], contenders.length)}`;
}

/** What to make of ratios that did not settle; null if all did. */
export function formatDoubts(summaries: readonly MeasureSummary[]): string | null {
  const inDoubt = ({ verdict }: FigureSummary) => DOUBTS.some((doubt) => doubt === verdict);
  const names = summaries.filter(({ figures }) => figures.some(inDoubt)).map(({ name }) => name);
  if (names.length === 0) return null;
  return `Nothing can be concluded yet for ${names.join(', ')}: the rounds are too few, differ too
much, or lie on both sides of the goal. Take more rounds, on a quieter machine:
  npm run bench -- ${names.map((name) => `--only ${name}`).join(' ')} --rounds 20`;
}

function formatGoal(goal: Goal): string {
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
}
