import type * as z from 'zod';
import { suggest } from '../core/suggest.ts';
import { expected } from './expected.ts';

type Wording<Code extends string> = (
  issue: z.core.$ZodRawIssue<Extract<z.core.$ZodIssue, { code: Code }>>,
) => string | undefined;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

/** What to write where somebody has put a key beside `keys`, or in its place. */
export const WRITE_KEYS = 'write `keys: { default: os.environ/OPENAI_API_KEY }`';

/** What each kind of issue is called, for someone who writes YAML and has never heard of zod. */
const WORDINGS: { [Code in z.core.$ZodIssueCode]?: Wording<Code> } = {
  invalid_type: ({ expected: kind, input }) => expected(KINDS[kind] ?? kind, input),
  invalid_value: ({ values, input }) => oneOf(values, input),
  invalid_union: (issue) =>
    'options' in issue && issue.discriminator !== undefined
      ? oneOf(issue.options as unknown[], read(issue.input, issue.discriminator))
      : expected(anyOf(issue.errors), issue.input),
  invalid_format: () => 'is not in the form that is expected here',
  unrecognized_keys: ({ keys, inst }) => {
    const known = knownKeys(inst);
    return keys.map((key) => `unknown key \`${key}\`${explainKey(key, known)}`).join('\n');
  },
  too_small: ({ origin, minimum }) =>
    origin === 'string' || origin === 'array' ? 'must not be empty' : `must be ${minimum} or more`,
  too_big: ({ maximum }) => `must be ${maximum} or less`,
};

/**
 * The message of an issue; for unknown keys one line each. Says the kind of a wrong value but never
 * the value, which may be a secret.
 */
export function wordIssue(issue: z.core.$ZodRawIssue): string | undefined {
  const wording = WORDINGS[issue.code] as ((issue: z.core.$ZodRawIssue) => string) | undefined;
  return wording?.(issue);
}

function oneOf(values: readonly unknown[], input: unknown): string {
  const words = values.map(String);
  const what = words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`;
  if (input === undefined) return `is required: expected ${what}`;
  return `expected ${what}${typeof input === 'string' ? suggest(input, words) : ''}`;
}

function anyOf(branches: readonly (readonly z.core.$ZodIssue[])[]): string {
  const kinds = branches.flatMap(([issue]) => {
    if (issue?.code === 'invalid_type') return [KINDS[issue.expected] ?? issue.expected];
    return issue?.code === 'invalid_value'
      ? issue.values.map((value) => `\`${String(value)}\``)
      : [];
  });
  return [...new Set(kinds)].join(' or ');
}

function read(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}

/** What belongs in the place of keys that other programs have, or a guess. */
function explainKey(key: string, known: readonly string[]): string {
  if (key === 'model_list' && known.includes('models')) {
    return '; this is a LiteLLM config: `signalbox import litellm FILE` makes one of it';
  }
  if (/^api[_-]?key$/i.test(key) && known.includes('keys')) return `; ${WRITE_KEYS}`;
  return suggest(key, known);
}

function knownKeys(schema: unknown): string[] {
  return Object.keys((schema as { _zod?: { def?: { shape?: object } } })?._zod?.def?.shape ?? {});
}
