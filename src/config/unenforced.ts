import type { ConfigTree } from './config-tree.ts';
import { type Finding, keyWarning, type Path } from './finding.ts';
import { entryPaths, listAt, valueAt } from './tree.ts';

const GROUPS = ['api_keys', 'organisations', 'teams', 'users'];

/** Settings that this version reads without acting on them, so that nobody relies on them. */
export function checkUnenforced({ tree }: ConfigTree): Finding[] {
  const groups = GROUPS.flatMap((section) => entryPaths(tree, [section]));
  const models = ['models', 'variants'].flatMap((section) => entryPaths(tree, [section]));
  const endpoints = models.flatMap((path) =>
    listAt(tree, [...path, 'endpoints']).map(
      (_endpoint, index): Path => [...path, 'endpoints', index],
    ),
  );
  const policies = [[], ...groups, ...models, ...endpoints].flatMap((path: Path) =>
    entryPaths(tree, [...path, 'policies']),
  );
  const limits = groups
    .flatMap((path): Path[] => [
      [...path, 'budgets'],
      [...path, 'quotas'],
    ])
    .filter((path) => listAt(tree, path).length > 0);
  const unused = UNUSED.filter((path) => valueAt(tree, path) !== undefined);
  return [...[...policies, ...limits].map(ignored), ...unused.map(idle)];
}

/** Settings whose features come with later versions. */
const UNUSED: readonly Path[] = [
  ['usage', 'rotate'],
  ['usage', 'history'],
];

function idle(path: Path): Finding {
  return keyWarning(path, `\`${path.join('.')}\` is read but has no effect in this version`);
}

function ignored(path: Path): Finding {
  const [parent, key] = path.slice(-2);
  const setting = parent === 'policies' ? `${parent}.${key}` : key;
  return keyWarning(path, `\`${setting}\` is read but not enforced by this version`);
}
