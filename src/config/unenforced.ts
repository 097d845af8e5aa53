import type { ConfigTree } from './config-tree.ts';
import { type Finding, keyWarning, type Path } from './finding.ts';
import { valueAt } from './tree.ts';

/** Settings whose features come with later versions. */
const UNUSED: readonly Path[] = [
  ['usage', 'history'],
];

/** Settings that this version reads without acting on them, so that nobody relies on them. */
export function checkUnenforced({ tree }: ConfigTree): Finding[] {
  return UNUSED.filter((path) => valueAt(tree, path) !== undefined).map((path) =>
    keyWarning(path, `\`${path.join('.')}\` is read but has no effect in this version`),
  );
}
