import { formatProblem } from '../config/finding.ts';
import { formatBlock, formatEntry } from './format-yaml.ts';
import type { ImportedConfig } from './imported-config.ts';

/** The comment above each block of an imported config. */
const COMMENTS: Readonly<Record<string, string>> = {
  server: 'Only this machine may call; `host: 0.0.0.0` lets others, who then need a key.',
  routing: 'How the endpoints of one model are ordered, and when a failing one is left alone.',
  policies: 'Limits over all calls together.',
  admin_key: 'Guards /metrics, /ui and the history of others.',
  providers:
    'Upstream services. A key may be os.environ/NAME, or what `signalbox keys encrypt` prints.',
  models: 'Names that clients ask for. Without `pricing` the bundled price list is asked.',
  model_alias: 'Other names for models, looked up first.',
  api_keys: 'Who may call. `signalbox keys new NAME` makes a key.',
};

/** Blocks that users extend: each entry has its own line, however short. */
const ONE_A_LINE: ReadonlySet<string> = new Set(['providers', 'models', 'model_alias', 'api_keys']);

const HEADER = `# yaml-language-server: $schema=./signalbox.schema.json
#
# Signalbox, with what was in`;

const ADVICE = '`signalbox check` validates this file, `signalbox` runs it.';

/** The text of an imported config; its first comment lists what could not be imported. */
export function composeConfig({ blocks, problems }: ImportedConfig, file: string): string {
  const entries = Object.entries(blocks ?? {}).filter(([, value]) => value !== undefined);
  const parts = entries.flatMap(([name, value]) => [
    '',
    ...(COMMENTS[name] === undefined ? [] : [`# ${COMMENTS[name]}`]),
    ...(ONE_A_LINE.has(name)
      ? [`${name}:`, ...formatBlock(value ?? {}, '  ')]
      : formatEntry(name, value ?? {})),
  ]);
  return `${[...composeHeader(problems, file), ...parts].join('\n')}\n`;
}

function composeHeader(problems: ImportedConfig['problems'], file: string): string[] {
  const left = problems.map(
    (problem) => `#   ${formatProblem(file, { ...problem, severity: 'error' })}`,
  );
  return [
    `${HEADER} ${file}. ${ADVICE}`,
    ...(left.length === 0 ? [] : ['#', '# Not brought over:', ...left]),
  ];
}
