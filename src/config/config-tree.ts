import type { Origin } from './env.ts';
import type { Path } from './finding.ts';
import { mapAt, pathKey, textAt } from './tree.ts';

/** The config before its schema: what the checks read, so that they also run on a broken file. */
export interface ConfigTree {
  tree: unknown;
  /** Values that came from the environment and must not be shown, by `pathKey`. */
  origins: ReadonlyMap<string, Origin>;
}

/** The text at a path for a message, or the variable that it came from. */
export function quote({ tree, origins }: ConfigTree, path: Path): string {
  const origin = origins.get(pathKey(path));
  return origin ? `in ${origin.variable}` : `\`${textAt(tree, path)}\``;
}

/** The names that requests can be resolved to. */
export interface ModelNames {
  /** Models and variants, wildcards left out. */
  exact: ReadonlySet<string>;
  /** Whether a model, a variant or a wildcard model has the name. */
  isServed(name: string): boolean;
}

/** Collects the names of models and variants. */
export function readModelNames({ tree }: ConfigTree): ModelNames {
  const names = [
    ...Object.keys(mapAt(tree, ['models'])),
    ...Object.keys(mapAt(tree, ['variants'])),
  ];
  const exact = new Set(names.filter((name) => !name.includes('*')));
  const prefixes = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return {
    exact,
    isServed: (name) =>
      exact.has(name) ||
      prefixes.some((prefix) => name.startsWith(prefix) && name.length > prefix.length),
  };
}
