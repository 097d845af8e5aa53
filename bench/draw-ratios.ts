import type { Quantiles } from './statistics.ts';
import type { FigureSummary, MeasureSummary } from './summarise.ts';

const WIDTH = 900;
const LEFT = 430;
const RIGHT = 40;
const TOP = 84;
const ROW = 30;
const BOTTOM = 46;

/** Colours that are told apart on white and on black, by readers who do not see red and green too. */
const COLOURS: Readonly<Record<string, string>> = {
  signalbox: '#d55e00',
  nginx: '#0072b2',
  portkey: '#8f6bb3',
};

const STYLE = `text{font:14px system-ui,sans-serif;fill:#222}.small{font-size:12px;fill:#666}
.grid{stroke:#8884;stroke-width:1}.one{stroke:#888;stroke-width:2}.goal{fill:#2a94;rx:3}.title{font-weight:600;font-size:17px}
@media(prefers-color-scheme:dark){text{fill:#eee}.small{fill:#aaa}}`;

interface Row {
  name: string;
  /** By contender; what it takes of a resource for the same work, over the baseline. */
  ratios: ReadonlyMap<string, Quantiles>;
  /** How far the goal reaches. */
  goal: number | null;
}

/** A picture of what everybody takes for the same work; the bare proxy is 1, and less is better. */
export function drawRatios(summaries: readonly MeasureSummary[]): string {
  const rows = summaries.flatMap((summary) =>
    summary.figures.map((figure) => readRow(summary, figure)),
  );
  const names = [...new Set(rows.flatMap(({ ratios }) => [...ratios.keys()]))];
  const all = rows.flatMap(({ ratios, goal }) => [
    ...[...ratios.values()].flatMap(({ q1, q3 }) => [q1, q3]),
    ...(goal === null ? [] : [goal]),
  ]);
  const known = all.filter((value) => value > 0 && Number.isFinite(value));
  const low = Math.min(0.5, ...known) / 1.2;
  const high = Math.max(2, ...known) * 1.2;
  const xOf = (ratio: number) => {
    const share = Math.log(ratio / low) / Math.log(high / low);
    return Math.min(WIDTH - RIGHT, Math.max(LEFT, LEFT + share * (WIDTH - LEFT - RIGHT)));
  };
  const height = TOP + rows.length * ROW + BOTTOM;
  const grid = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]
    .filter((ratio) => ratio >= low && ratio <= high)
    .map((ratio) => drawGridLine(ratio, xOf(ratio), height));
  const drawn = rows.map((row, index) => drawRow(row, TOP + index * ROW + ROW / 2, xOf));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Ratios to a bare proxy">
<style>${STYLE}</style>
<text class="title" x="20" y="30">What the same work takes, a bare node:http proxy being 1</text>
${drawLegend(names)}
${grid.join('\n')}
${drawn.join('\n')}
</svg>
`;
}

function readRow({ title, baseline }: MeasureSummary, figure: FigureSummary): Row {
  const { label, isRate, relative, comparisons } = figure;
  const goal = comparisons.find(({ over }) => over === baseline)?.goal ?? null;
  const bound = goal === null ? null : 'atMost' in goal ? goal.atMost : goal.atLeast;
  const turn = (value: number) => (isRate ? 1 / value : value);
  return {
    name: `${title.replace(/ \(ratio.*\)/, '')} · ${isRate ? `time, from ${label}` : label}`,
    ratios: new Map(
      Object.entries(relative).map(([name, { q1, median, q3, p99 }]) => [
        name,
        { q1: turn(isRate ? q3 : q1), median: turn(median), q3: turn(isRate ? q1 : q3), p99 },
      ]),
    ),
    goal: bound === null ? null : turn(bound),
  };
}

function drawLegend(names: readonly string[]): string {
  const entries = names.map((name, index) => {
    const x = 24 + index * 110;
    return `<circle cx="${x}" cy="52" r="6" fill="${colourOf(name)}"/><text x="${x + 12}" y="57">${name}</text>`;
  });
  const x = 24 + names.length * 110;
  return `${entries.join('')}<rect class="goal" x="${x - 8}" y="44" width="22" height="16"/><text x="${x + 20}" y="57">the goal; less is better</text>`;
}

function drawGridLine(ratio: number, x: number, height: number): string {
  return `<line class="${ratio === 1 ? 'one' : 'grid'}" x1="${x}" x2="${x}" y1="${TOP}" y2="${height - BOTTOM + 6}"/><text class="small" x="${x}" y="${height - 20}" text-anchor="middle">${ratio} ×</text>`;
}

function drawRow({ name, ratios, goal }: Row, y: number, xOf: (ratio: number) => number): string {
  const label = `<text x="${LEFT - 12}" y="${y + 5}" text-anchor="end" textLength="${Math.min(name.length * 7, LEFT - 30)}" lengthAdjust="spacingAndGlyphs">${escapeXml(name)}</text>`;
  const zone =
    goal === null
      ? ''
      : `<rect class="goal" x="${LEFT}" y="${y - 11}" width="${xOf(goal) - LEFT}" height="22"/>`;
  const marks = [...ratios].map(([contender, { q1, median, q3 }]) => {
    const colour = colourOf(contender);
    return `<line x1="${xOf(q1)}" x2="${xOf(q3)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="4" stroke-linecap="round"/><circle cx="${xOf(median)}" cy="${y}" r="6" fill="${colour}"><title>${contender}: ${median.toFixed(2)}</title></circle>`;
  });
  return label + zone + marks.reverse().join('');
}

function colourOf(name: string): string {
  return COLOURS[name] ?? '#777777';
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
