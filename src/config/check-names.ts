import { splitSuffix } from '../routing/split-suffix.ts';
import type { ConfigTree } from './config-tree.ts';
import { error, type Finding, keyError, type Path } from './finding.ts';
import { listEndpoints } from './list-endpoints.ts';
import { mapAt, textAt } from './tree.ts';

/** Names that clients could not ask for, or could mean two things by (CFG-1, CFG-8). */
export function checkNames({ tree }: ConfigTree): Finding[] {
  const models = Object.keys(mapAt(tree, ['models']));
  const variants = Object.keys(mapAt(tree, ['variants']));
  const aliases = Object.keys(mapAt(tree, ['model_alias']));
  const paths: Path[] = [
    ...models.map((name) => ['models', name]),
    ...variants.map((name) => ['variants', name]),
    ...aliases.map((name) => ['model_alias', name]),
  ];
  const taken = new Set(models);
  return [
    ...paths.flatMap(checkSuffix),
    ...variants
      .filter((name) => taken.has(name))
      .map((name) => keyError(['variants', name], 'a model has this name already')),
    ...variants
      .filter((name) => name.includes('*'))
      .map((name) => keyError(['variants', name], 'only models can be wildcards')),
    ...models.flatMap((name) => checkWildcard(tree, name)),
  ];
}

function checkSuffix(path: Path): Finding[] {
  const name = String(path[1]);
  if (name === '') return [keyError(path, 'a name must not be empty')];
  const split = splitSuffix(name);
  return split ? [keyError(path, `a name cannot end in the suffix \`:${split.suffix}\``)] : [];
}

/** The name, or one like it that does not end in a suffix. */
export function proposeName(name: string): string {
  const split = splitSuffix(name);
  return split ? `${split.base}-${split.suffix}` : name;
}

/** Whether a model can have the slug: its star would be a part of the name that clients ask for. */
export function isPlainSlug(slug: string): boolean {
  return !slug.includes('*');
}

function checkWildcard(tree: unknown, name: string): Finding[] {
  const path = ['models', name];
  if (name.includes('*') && name.indexOf('*') !== name.length - 1) {
    return [keyError(path, 'a wildcard is one `*` at the end of the name')];
  }
  const allowed = name.endsWith('*') ? 1 : 0;
  return listEndpoints(tree, path).flatMap((endpoint) => {
    const slugPath = [...endpoint.path, 'slug'];
    const stars = (textAt(tree, slugPath) ?? '').split('*').length - 1;
    if (stars <= allowed) return [];
    return [error(slugPath, allowed === 0 ? NO_WILDCARD : 'a slug can hold one `*`')];
  });
}

const NO_WILDCARD = 'a slug can hold `*` only where the name of its model ends in one';
