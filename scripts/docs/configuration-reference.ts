import { createJsonSchema } from '../../src/config/json-schema.ts';

/** As much of a JSON Schema as the config's uses. */
interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  /** The `type` of the block that it was merged from. */
  of?: unknown;
  /** Its defaults by type, in words, where they are not all alike. */
  defaults?: string;
}

const SHARED_TITLE = `## Blocks that stand in several places

None of these is a key of the file itself, but for \`policies\`: each stands in the blocks above whose rows point to it.
`;

/** Blocks that stand in many places and are told once, under a heading of their own. */
const SHARED = ['policies', 'budgets', 'quotas', 'pricing', 'tiers', 'caps'];

const NO_DEFAULT = '';
const MAX_DEFAULT = 40;

interface Row {
  path: string;
  value: string;
  fallback: string;
  about: string;
}

/** Every key of the config file as Markdown, from the schema that files are checked against. */
export function configurationReference(): string {
  const root = createJsonSchema() as Schema;
  const resolve = (schema: Schema): Schema => {
    const name = schema.$ref?.split('/').at(-1);
    const { $ref, ...own } = schema;
    return name === undefined ? schema : { ...resolve(root.$defs?.[name] ?? {}), ...own };
  };
  const told = new Map<string, Schema>();
  const sections = Object.entries(root.properties ?? {}).map(([key, schema]) =>
    section(key, rowsOf(key, schema, { resolve, told, depth: 0 }), resolve(schema).description),
  );
  const shared: string[] = [];
  for (const name of SHARED) {
    const schema = told.get(name);
    if (schema === undefined) continue;
    const rows = rowsOf('', schema, { resolve, told, depth: 0 });
    shared.push(`#${section(name, rows, `A \`${name}\` block, wherever it stands.`)}`);
  }
  return [...sections, SHARED_TITLE, ...shared].join('\n');
}

function section(title: string, rows: readonly Row[], about: string | undefined): string {
  const head = `## ${title}\n\n${about ?? ''}\n`;
  if (rows.length === 0) return head;
  const lines = rows.map(
    ({ path, value, fallback, about: says }) =>
      `| \`${path}\` | ${value} | ${fallback} | ${says.replaceAll('|', '\\|')} |`,
  );
  return `${head}\n| key | value | default | |\n|---|---|---|---|\n${lines.join('\n')}\n`;
}

interface Walk {
  resolve(schema: Schema): Schema;
  told: Map<string, Schema>;
  depth: number;
}

function rowsOf(path: string, schema: Schema, walk: Walk): Row[] {
  const full = walk.resolve(schema);
  const name = path.split('.').at(-1)?.replace('[]', '') ?? '';
  const members = Object.entries(full.properties ?? {});
  if (walk.depth > 0 && SHARED.includes(name)) {
    if (!walk.told.has(name)) walk.told.set(name, full);
    return [row(path, full, `see [${name}](#${name})`)];
  }
  const deeper = { ...walk, depth: walk.depth + 1 };
  const own = walk.depth === 0 ? [] : [row(path, full, describeValue(full, walk))];
  const inner = members.flatMap(([key, member]) =>
    rowsOf(path === '' ? key : `${path}.${key}`, member, deeper),
  );
  const entry = entrySchema(full);
  const entries = entry === null ? [] : rowsOf(`${path}.‹name›`, entry, deeper);
  const items = full.items === undefined ? [] : itemRows(path, full.items, deeper);
  const alternatives = objectAlternative(full, walk);
  const others = alternatives === null ? [] : rowsOf(path, alternatives, { ...deeper, depth: 0 });
  return [...own, ...inner, ...entries, ...items, ...others];
}

/** The rows of a list's entries; a list of plain values is told by its own row. */
function itemRows(path: string, items: Schema, walk: Walk): Row[] {
  const full = walk.resolve(items);
  return full.properties === undefined ? [] : rowsOf(`${path}[]`, full, { ...walk, depth: 0 });
}

/** All blocks that may stand there as one, such as the forms of a provider key. */
function objectAlternative(schema: Schema, { resolve }: Walk): Schema | null {
  const choices = (schema.anyOf ?? schema.oneOf ?? []).map(resolve);
  const blocks = choices.filter((choice) => choice.properties !== undefined);
  return blocks.length === 0 ? null : mergeBlocks(blocks, resolve);
}

function mergeBlocks(blocks: readonly Schema[], resolve: Walk['resolve']): Schema {
  const members = new Map<string, Schema[]>();
  for (const block of blocks) {
    const of = block.of ?? block.properties?.['type']?.const;
    for (const [key, member] of Object.entries(block.properties ?? {})) {
      members.set(key, [...(members.get(key) ?? []), { ...resolve(member), of }]);
    }
  }
  const merged = Array.from(members, ([key, forms]) => [key, mergeForms(forms, resolve)] as const);
  return { ...blocks[0], properties: Object.fromEntries(merged) };
}

function mergeForms(forms: readonly Schema[], resolve: Walk['resolve']): Schema {
  const [first = {}] = forms;
  if (forms.length === 1) return first;
  if (forms.every((form) => form.const !== undefined)) {
    const { const: _one, ...rest } = first;
    return { ...rest, enum: forms.map((form) => form.const) };
  }
  if (forms.every((form) => form.properties !== undefined)) return mergeBlocks(forms, resolve);
  return {
    ...first,
    description: tellApart(forms, ({ description = '' }) => description),
    defaults: tellApart(forms, describeDefault),
  };
}

/** What all forms have in common, or what each type has. */
function tellApart(forms: readonly Schema[], tell: (form: Schema) => string): string {
  const types = new Map<string, unknown[]>();
  for (const form of forms) types.set(tell(form), [...(types.get(tell(form)) ?? []), form.of]);
  if (types.size === 1) return tell(forms[0] ?? {});
  const parts = [...types].filter(([told]) => told !== '');
  return parts.map(([told, of]) => `${told.replace(/\.$/, '')} (${of.join(', ')})`).join('; ');
}

/** Lists in the words that they hold. */
function describeDefault({ default: value }: Schema): string {
  return Array.isArray(value) ? value.map((each) => `\`${each}\``).join(' ') : formatDefault(value);
}

function entrySchema({ additionalProperties }: Schema): Schema | null {
  return typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0
    ? additionalProperties
    : null;
}

function row(path: string, { description = '', ...schema }: Schema, kind: string): Row {
  const fallback = schema.defaults ?? formatDefault(schema.default);
  return { path, value: kind, fallback, about: description };
}

function formatDefault(value: unknown): string {
  if (value === undefined) return NO_DEFAULT;
  const text = JSON.stringify(value);
  return text.length > MAX_DEFAULT || text === '{}' ? NO_DEFAULT : `\`${text}\``;
}

/** What may be written there, in a few words. */
function describeValue(schema: Schema, walk: Walk): string {
  const full = walk.resolve(schema);
  if (full.const !== undefined) return `\`${JSON.stringify(full.const)}\``;
  if (full.enum) return full.enum.map((each) => `\`${String(each)}\``).join(' ');
  const choices = full.anyOf ?? full.oneOf;
  if (choices) {
    const words = choices
      .filter((choice) => !isReference(choice))
      .map((each) => describeValue(each, walk));
    return [...new Set(words)].join(' or ');
  }
  if (full.items) return `list of ${describeValue(full.items, walk)}`;
  if (full.properties) return 'block';
  if (full.type === 'object') return 'map';
  return full.type ?? 'anything';
}

/** Every scalar may be one, so that no row has to say it. */
function isReference({ pattern }: Schema): boolean {
  return pattern?.startsWith('^os\\.environ') === true;
}
