import type * as z from 'zod';
import type { Origin } from './env.ts';
import { error, type Finding, keyError, type Path } from './finding.ts';
import { pathKey, valueAt } from './tree.ts';
import { wordIssue } from './word-issue.ts';

type Issue = z.core.$ZodIssue;

/** What a check of the schema gives: the typed value, or everything that is wrong. */
export type SchemaResult<Output> = { output: Output } | { findings: Finding[] };

/**
 * Applies a schema to the tree. A variable that looks like a number but stands where text belongs
 * is put back as text into the tree: only the schema knows that a key of digits is no number.
 */
export function checkSchema<Schema extends z.ZodType>(
  schema: Schema,
  tree: unknown,
  origins: ReadonlyMap<string, Origin>,
): SchemaResult<z.output<Schema>> {
  const parsed = schema.safeParse(tree, { error: wordIssue });
  if (parsed.success) return { output: parsed.data };
  const findings = parsed.error.issues.flatMap(findingsOf).map((each) => hide(each, origins));
  const retyped = findings.filter(({ path }) => retypeAsText(tree, path, origins));
  if (retyped.length === 0) return { findings };
  const again = checkSchema(schema, tree, origins);
  if ('output' in again) return again;
  // Where text is no better, the author should hear what is wrong with the number.
  const asTyped = new Map(retyped.map((finding) => [pathKey(finding.path), finding]));
  return { findings: again.findings.map((each) => asTyped.get(pathKey(each.path)) ?? each) };
}

function retypeAsText(tree: unknown, path: Path, origins: ReadonlyMap<string, Origin>): boolean {
  const origin = origins.get(pathKey(path));
  if (origin === undefined || typeof valueAt(tree, path) === 'string') return false;
  const holder = valueAt(tree, path.slice(0, -1));
  const key = path[path.length - 1];
  return key !== undefined && Reflect.set(holder as object, key, origin.text);
}

function findingsOf(issue: Issue): Finding[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => keyError([...path, key], messages[index] ?? ''));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => keyError(path, message));
  }
  if (issue.code === 'invalid_union') {
    const inside = issue.errors.filter((branch) => branch.length > 0 && branch.every(isInside));
    const [meant] = inside.sort((a, b) => countSlips(a) - countSlips(b));
    if (meant) {
      return meant.flatMap((inner) => findingsOf({ ...inner, path: [...path, ...inner.path] }));
    }
  }
  return [error(path, issue.message)];
}

/** A schema's own message may quote the value, which a variable's must never be. */
function hide(finding: Finding, origins: ReadonlyMap<string, Origin>): Finding {
  const origin = origins.get(pathKey(finding.path));
  if (origin === undefined) return finding;
  const message = finding.message.replaceAll(`"${origin.text}"`, `the value of ${origin.variable}`);
  return { ...finding, message };
}

/** How much would have to be different for a value to be of the branch; the least is what was meant. */
function countSlips(branch: readonly Issue[]): number {
  return branch.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
    0,
  );
}

/** Whether an issue shows that the value has the branch's kind, and only something of it is wrong. */
function isInside({ path, code }: Issue): boolean {
  return path.length > 0 || code === 'unrecognized_keys' || code === 'custom';
}
