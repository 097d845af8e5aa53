import type { ConfigTree } from './config-tree.ts';
import { type Finding, type Path, warning } from './finding.ts';
import { entryPaths, pathKey, valueAt } from './tree.ts';

/** Nobody waits for less than this on purpose, where the other end is a model. */
const LEAST_MS = 1_000;

/** Bare numbers are milliseconds, and whoever writes a small one means seconds (CFG-4). */
export function checkDurations({ tree, origins }: ConfigTree): Finding[] {
  const timeouts = entryPaths(tree, ['providers']).map((path): Path => [...path, 'timeout']);
  return [['server', 'shutdown_grace'], ['media', 'timeout'], ...timeouts].flatMap((path) => {
    const value = valueAt(tree, path);
    if (typeof value !== 'number' || value <= 0 || value >= LEAST_MS) return [];
    const origin = origins.get(pathKey(path));
    return origin === undefined
      ? [warning(path, `${value} ms; did you mean ${value}s?`)]
      : [
          warning(
            path,
            `the value of ${origin.variable} is in milliseconds; did you mean seconds?`,
          ),
        ];
  });
}
