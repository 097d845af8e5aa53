import { styleText } from 'node:util';
import type { DescribedModel, describeCatalogue } from '../catalog/describe-catalogue.ts';
import { formatCount } from './usage-columns.ts';

type Catalogue = ReturnType<typeof describeCatalogue>;

const GAP = '  ';

interface Column {
  title: string;
  /** Figures stand to the right. */
  isFigure: boolean;
}

const COLUMNS: readonly Column[] = [
  { title: 'model', isFigure: false },
  { title: 'provider', isFigure: false },
  { title: 'slug', isFigure: false },
  { title: '$ in', isFigure: true },
  { title: '$ out', isFigure: true },
  { title: 'context', isFigure: true },
  { title: 'what', isFigure: false },
];

/** Every name that clients can ask for: a line for each endpoint, and one for each alias. */
export function formatModels({ models, wildcards, aliases }: Catalogue): string {
  const rows = [...models, ...wildcards].flatMap(modelRows);
  const names = aliases.map(({ name, target }) => [name, `→ ${target}`]);
  const table = [COLUMNS.map(({ title }) => title), ...rows, ...names];
  // What an alias leads to may run over the columns behind it.
  const widths = COLUMNS.map((_, at) =>
    Math.max(
      ...[...table.slice(0, rows.length + 1), ...(at === 0 ? names : [])].map(
        (row) => row[at]?.length ?? 0,
      ),
    ),
  );
  const [head = '', ...lines] = table.map((row) =>
    row
      .map((cell, at) =>
        COLUMNS[at]?.isFigure ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join(GAP)
      .trimEnd(),
  );
  return [
    styleText('bold', head, { stream: process.stdout }),
    ...lines,
    '',
    '$: US dollars per 1,000 tokens of text; empty: priced otherwise   ?: no price is known',
  ].join('\n');
}

function modelRows(model: DescribedModel): string[][] {
  const { name, endpoints, context_window: window } = model;
  return endpoints.map(({ provider, slug, price }, at) => [
    at === 0 ? name : '',
    provider,
    slug,
    ...pricesOf(price),
    at === 0 && window !== null ? formatCount(window) : '',
    at === 0 ? whatOf(model) : '',
  ]);
}

/** What text costs in each direction; nothing where a model is priced by other things. */
function pricesOf(price: Record<string, string> | null): [string, string] {
  if (price === null) return ['?', '?'];
  return [price['input_text'] ?? price['embeddings'] ?? '', price['output_text'] ?? ''];
}

function whatOf({ type, capabilities, variant_of: base }: DescribedModel): string {
  const words = capabilities.map((word) => word.replaceAll('_', ' '));
  return [type, ...words, ...(base === null ? [] : [`variant of ${base}`])].join(', ');
}
