/** Whose rules a schema is cleaned for. */
export type SchemaTarget =
  | 'openai'
  | 'openai-strict'
  | 'anthropic'
  | 'anthropic-strict'
  | 'google-json'
  | 'google-openapi';

/** What happens to a keyword: `hint` = it moves into the description, `refuse` = the request is refused. */
export type Verdict = 'keep' | 'strip' | 'hint' | 'refuse';

/** One verdict for all values, or a verdict by value. */
type Rule = Verdict | ((value: unknown) => Verdict);

type Rules = ReadonlyMap<string, Rule>;

const EVERYWHERE = ['type', 'properties', 'required', 'items', 'enum', 'description', 'title'];
const SIZES = ['minItems', 'maxItems', 'minimum', 'maximum'];
const TEXT_LIMITS = ['minLength', 'maxLength', 'pattern'];
const NUMBER_LIMITS = ['exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'uniqueItems'];
const MEMBER_COUNTS = ['minProperties', 'maxProperties'];
const CONDITIONS = [
  'not',
  'if',
  'then',
  'else',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'contains',
  'minContains',
  'maxContains',
  'unevaluatedItems',
  'unevaluatedProperties',
];

// https://platform.claude.com/docs/en/build-with-claude/structured-outputs
const ANTHROPIC_FORMATS = [
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
];

/** What becomes of each keyword. Null = everything passes; keywords without a row are stripped. */
const RULES: Readonly<Record<SchemaTarget, Rules | null>> = {
  openai: null,
  anthropic: null,
  'openai-strict': rules({
    keep: [
      ...EVERYWHERE,
      ...['anyOf', '$ref', '$defs', 'definitions', 'const', 'additionalProperties'],
      ...['prefixItems', 'format', ...SIZES, ...TEXT_LIMITS, ...NUMBER_LIMITS],
    ],
    hint: ['oneOf', ...MEMBER_COUNTS],
    refuse: CONDITIONS,
  }),
  'anthropic-strict': rules({
    keep: [...EVERYWHERE, 'anyOf', 'allOf', '$ref', '$defs', 'const', 'additionalProperties'],
    hint: [
      ...['oneOf', 'prefixItems', 'maxItems', 'minimum', 'maximum', 'default', 'examples'],
      ...[...TEXT_LIMITS, ...NUMBER_LIMITS, ...MEMBER_COUNTS, ...CONDITIONS],
    ],
    byValue: {
      enum: (values) => keepIf(isPrimitives(values)),
      minItems: (count) => keepIf(count === 0 || count === 1),
      format: (format) => keepIf(ANTHROPIC_FORMATS.includes(String(format))),
    },
  }),
  // The keywords are listed at `responseJsonSchema`. https://ai.google.dev/api/generate-content
  'google-json': rules({
    keep: [
      ...EVERYWHERE,
      ...['$id', '$defs', '$ref', '$anchor', 'format', 'prefixItems', 'anyOf', 'oneOf'],
      ...['additionalProperties', 'propertyOrdering', ...SIZES],
    ],
    hint: [...TEXT_LIMITS, ...NUMBER_LIMITS, ...MEMBER_COUNTS, ...CONDITIONS],
  }),
  // https://ai.google.dev/api/caching#Schema
  'google-openapi': rules({
    keep: [
      ...EVERYWHERE,
      ...['anyOf', 'nullable', 'propertyOrdering', ...SIZES, ...TEXT_LIMITS, ...MEMBER_COUNTS],
    ],
    hint: ['oneOf', 'const', ...NUMBER_LIMITS, ...CONDITIONS],
    byValue: {
      enum: (values) => keepIf(Array.isArray(values) && values.every(isString)),
      format: (format) => (format === 'enum' || format === 'date-time' ? 'keep' : 'strip'),
    },
  }),
};

/** The verdict on a keyword with that value. */
export function verdictOn(keyword: string, value: unknown, target: SchemaTarget): Verdict {
  const targetRules = RULES[target];
  if (targetRules === null) return 'keep';
  const rule = targetRules.get(keyword) ?? 'strip';
  return typeof rule === 'function' ? rule(value) : rule;
}

function rules(lists: {
  keep: string[];
  hint: string[];
  refuse?: string[];
  byValue?: Record<string, Rule>;
}): Rules {
  const rows = (['keep', 'hint', 'refuse'] as const).flatMap((verdict) =>
    (lists[verdict] ?? []).map((keyword): [string, Rule] => [keyword, verdict]),
  );
  return new Map([...rows, ...Object.entries(lists.byValue ?? {})]);
}

function keepIf(isTaken: boolean): Verdict {
  return isTaken ? 'keep' : 'hint';
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isPrimitives(values: unknown): boolean {
  return (
    Array.isArray(values) && values.every((value) => typeof value !== 'object' || value === null)
  );
}
