import { error, type Finding, keyError, type Path, warning } from './finding.ts';
import { isMap, pathKey, type TreeMap } from './tree.ts';
import { typeScalar } from './type-scalar.ts';

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process. */
export const processEnvironment: Environment = process.env;

/** A value that came from a variable. */
export interface Origin {
  variable: string;
  /** The variable's text, before it was typed. */
  text: string;
}

/** A tree whose references have been replaced, and what must not be shown of it. */
export interface Substitution {
  tree: unknown;
  findings: Finding[];
  /** By `pathKey`. */
  origins: Map<string, Origin>;
  /** Keys of `model_alias` as the file writes them, by what they were replaced with. */
  aliasKeys: Map<string, string>;
}

const REFERENCE = /^os\.environ\/(.*)$/s;

/** A tree larger than its text by so many values, or so deep, can only come from aliases that multiply or loop. */
const MAX_REPEATED_VALUES = 1_000_000;
const MAX_DEPTH = 400;

/** An entry that is left out, so that its default applies. */
const OMITTED = Symbol('omitted');

/** In the place of a key that nobody needs. */
const UNSET_KEY = 'os.environ/';

/**
 * Replaces each scalar `os.environ/NAME` by the variable, typed as YAML would type its text (CFG-3).
 * The result shares nothing with the tree it was made from, even where YAML aliases did, and a text can
 * write no more values than it has characters.
 */
export function substituteEnvironment(
  tree: unknown,
  environment: Environment,
  textLength: number,
): Substitution {
  const substitution: Substitution = {
    tree: undefined,
    findings: [],
    origins: new Map(),
    aliasKeys: new Map(),
  };
  const budget = { values: textLength + MAX_REPEATED_VALUES };
  const walk: Walk = { environment, ...substitution, budget, disabled: false };
  try {
    return { ...substitution, tree: copy(walk, tree, []) };
  } catch (cause) {
    if (!(cause instanceof AliasBomb)) throw cause;
    return { ...substitution, findings: [error([], 'its anchors and aliases multiply or loop')] };
  }
}

class AliasBomb extends Error {}

interface Walk extends Omit<Substitution, 'tree'> {
  environment: Environment;
  budget: { values: number };
  /** Inside a provider that is switched off: nothing there needs its variables. */
  disabled: boolean;
}

function copy(walk: Walk, value: unknown, path: Path): unknown {
  walk.budget.values -= 1;
  if (walk.budget.values < 0 || path.length > MAX_DEPTH) throw new AliasBomb();
  if (typeof value === 'string') return replace(walk, value, path);
  if (Array.isArray(value)) {
    const copied = value.map((element, index) => copy(walk, element, [...path, index]));
    // Without one element, the rest would be told of at the wrong places.
    return copied.includes(OMITTED) ? OMITTED : copied;
  }
  if (!isMap(value)) return value;
  if (walk.disabled && path[2] === 'keys') return copyDisabledKeys(walk, value, path);
  if (path[0] === 'model_alias' && path.length === 1) return copyAliases(walk, value, path);
  if (path[0] !== 'providers' || path.length !== 2) return copyMap(walk, value, path);
  return isDisabled(walk, value) ? copyDisabled(walk, value, path) : copyMap(walk, value, path);
}

/** Without its type, nobody can tell what the settings of a provider should be. */
function copyDisabled(walk: Walk, value: TreeMap, path: Path): TreeMap {
  const copied = copyMap({ ...walk, disabled: true }, value, path);
  if (value['type'] === undefined || copied['type'] !== undefined) return copied;
  const { config: _, ...known } = copied;
  return { ...known, type: 'CUSTOM' };
}

/** A key is there for the models that name it, whichever variable of it is unset. */
function copyDisabledKeys(walk: Walk, map: TreeMap, path: Path): TreeMap | typeof OMITTED {
  const copied = copyMap(walk, map, path);
  const unset = Object.keys(map).filter((name) => !Object.hasOwn(copied, name));
  if (unset.length > 0 && path.length > 3) return OMITTED;
  return { ...copied, ...Object.fromEntries(unset.map((name) => [name, UNSET_KEY])) };
}

function copyMap(walk: Walk, map: TreeMap, path: Path): TreeMap {
  const copied: TreeMap = {};
  for (const [key, value] of Object.entries(map)) {
    const entry = copy(walk, value, [...path, key]);
    if (entry !== OMITTED) copied[key] = entry;
  }
  return copied;
}

function isDisabled({ environment }: Walk, { enabled }: TreeMap): boolean {
  const [, variable] = typeof enabled === 'string' ? (REFERENCE.exec(enabled) ?? []) : [];
  return variable === undefined
    ? enabled === false
    : environment[variable]?.toLowerCase() === 'false';
}

function copyAliases(walk: Walk, aliases: TreeMap, path: Path): TreeMap {
  const copied: TreeMap = {};
  for (const [written, target] of Object.entries(aliases)) {
    const variable = REFERENCE.exec(written)?.[1];
    const alias = variable === undefined ? written : walk.environment[variable] || undefined;
    if (alias === undefined) {
      walk.findings.push(keyError([...path, written], unset(variable, EXPORT)));
      continue;
    }
    if (Object.hasOwn(copied, alias)) {
      walk.findings.push(keyError([...path, written], 'this alias is declared twice'));
      continue;
    }
    if (alias !== written) walk.aliasKeys.set(alias, written);
    const entry = copy(walk, target, [...path, alias]);
    if (entry !== OMITTED) copied[alias] = entry;
  }
  return copied;
}

function replace(walk: Walk, text: string, path: Path): unknown {
  const variable = REFERENCE.exec(text)?.[1];
  if (variable === undefined) return text;
  const value = walk.environment[variable];
  if (value) {
    walk.origins.set(pathKey(path), { variable, text: value });
    return typeScalar(value);
  }
  if (walk.disabled) return OMITTED;
  if (path[0] === 'model_alias') {
    walk.findings.push(warning(path, unset(variable, 'the alias is skipped')));
    return OMITTED;
  }
  walk.findings.push(error(path, unset(variable, EXPORT)));
  return text;
}

const EXPORT = 'export it before you start; no .env file is read';

function unset(variable = '', consequence: string): string {
  return variable === ''
    ? 'names no environment variable: expected os.environ/NAME'
    : `the environment variable ${variable} is unset or empty; ${consequence}`;
}
