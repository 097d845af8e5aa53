import { styleText } from 'node:util';
import type { ExplainedEndpoint, Explanation } from '../pipeline/explain.ts';

type Style = Parameters<typeof styleText>[0];

/** An explanation for people: the steps, then a table of the endpoints in the order of trial. */
export function formatExplanation(explanation: Explanation): string {
  const { requested, model, profile, discount, endpoints, fallbacks, steps } = explanation;
  const names = requested === model ? [model] : [requested, model];
  const size = `${explanation.input_tokens} tokens in and ${explanation.output_tokens} out`;
  return [
    `${names.map((name) => paint('bold', name)).join(' → ')}  ${discount ? 'self-hosted only' : profile}`,
    ...steps.map((step) => `  ${step}`),
    '',
    ...formatTable(endpoints),
    '',
    paint('dim', `cost $: a request of ${size}   ~: a hint of the config   ?: not known yet`),
    ...(fallbacks.length === 0 ? [] : [`If all of them fail: ${fallbacks.join(', ')}.`]),
  ].join('\n');
}

interface Column {
  title: string;
  isNumber?: boolean;
  cell(endpoint: ExplainedEndpoint): string;
}

const COLUMNS: readonly Column[] = [
  { title: '', cell: ({ rank }) => (rank === null ? '✗' : String(rank)) },
  {
    title: 'provider',
    cell: ({ provider, tier }) => (tier === 'byok' ? `${provider} (byok)` : provider),
  },
  { title: 'slug', cell: ({ slug }) => slug },
  {
    title: 'cost $',
    isNumber: true,
    cell: ({ cost_usd, price }) => cost_usd ?? (price ? 'by the piece' : 'unpriced'),
  },
  {
    title: 'ttft ms',
    isNumber: true,
    cell: ({ ttft_ms, ttft_source }) => formatSpeed(ttft_ms, ttft_source),
  },
  {
    title: 'tokens/s',
    isNumber: true,
    cell: (endpoint) => formatSpeed(endpoint.tokens_per_second, endpoint.tokens_per_second_source),
  },
  {
    title: 'up',
    isNumber: true,
    cell: ({ uptime, attempts }) => (attempts === 0 ? '?' : `${Math.round(uptime * 100)} %`),
  },
  { title: 'why', cell: ({ reason }) => reason },
];

function formatTable(endpoints: readonly ExplainedEndpoint[]): string[] {
  const rows = endpoints.map((endpoint) => COLUMNS.map(({ cell }) => cell(endpoint)));
  const widths = COLUMNS.map(({ title }, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return COLUMNS[column]?.isNumber ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [
    paint('bold', line(COLUMNS.map(({ title }) => title))),
    ...rows.map((row, index) => paint(styleOf(endpoints[index]), line(row))),
  ];
}

function styleOf(endpoint: ExplainedEndpoint | undefined): Style {
  if (endpoint?.rank === 1) return 'green';
  return endpoint?.rank === null ? 'dim' : 'reset';
}

function formatSpeed(value: number | null, source: ExplainedEndpoint['ttft_source']): string {
  if (value === null) return '?';
  return source === 'hint' ? `~${value}` : String(value);
}

function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}
