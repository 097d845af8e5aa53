import type { Path } from './finding.ts';

/** A map of the config before its schema has been applied. */
export type TreeMap = Record<string, unknown>;

/** Whether the value is a map rather than text, a number or a list. */
export function isMap(value: unknown): value is TreeMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, or undefined where there is none. */
export function valueAt(tree: unknown, path: Path): unknown {
  let value = tree;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return;
    value = Reflect.get(value, segment);
  }
  return value;
}

/** The map at a path; empty where there is none, so that checks can run on a broken config. */
export function mapAt(tree: unknown, path: Path): TreeMap {
  const value = valueAt(tree, path);
  return isMap(value) ? value : {};
}

/** The paths of the entries of the map at a path. */
export function entryPaths(tree: unknown, path: Path): Path[] {
  return Object.keys(mapAt(tree, path)).map((key) => [...path, key]);
}

/** The list at a path; empty where there is none. */
export function listAt(tree: unknown, path: Path): readonly unknown[] {
  const value = valueAt(tree, path);
  return Array.isArray(value) ? value : [];
}

/** The text at a path, or undefined where there is none. */
export function textAt(tree: unknown, path: Path): string | undefined {
  const value = valueAt(tree, path);
  return typeof value === 'string' ? value : undefined;
}

/** Identifies a path in a map or set. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}
