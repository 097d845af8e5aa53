import type { ConfigTree } from './config-tree.ts';
import { error, type Finding, keyWarning, type Path } from './finding.ts';
import { entryPaths, listAt, textAt, valueAt } from './tree.ts';

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
  return [...[...policies, ...limits].map(ignored), ...unused.map(idle), ...findEnvelopes(tree)];
}

/** Settings whose features come with later versions. */
const UNUSED: readonly Path[] = [['usage', 'rotate'], ['usage', 'history'], ['encryption']];

function idle(path: Path): Finding {
  return keyWarning(path, `\`${path.join('.')}\` is read but has no effect in this version`);
}

function ignored(path: Path): Finding {
  const [parent, key] = path.slice(-2);
  const setting = parent === 'policies' ? `${parent}.${key}` : key;
  return keyWarning(path, `\`${setting}\` is read but not enforced by this version`);
}

/** An encrypted key would go upstream as it stands here, and fail there. */
function findEnvelopes(tree: unknown): Finding[] {
  return entryPaths(tree, ['providers'])
    .flatMap((path) => entryPaths(tree, [...path, 'keys']))
    .flatMap((path) => [path, [...path, 'key']])
    .filter((path) => textAt(tree, path)?.trimStart().startsWith('{'))
    .map((path) => error(path, 'encrypted provider keys cannot be used by this version'));
}
