import { providerTypes } from '../providers/index.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import type { ConfigTree } from './config-tree.ts';
import { type Finding, keyError, keyWarning, type Path } from './finding.ts';
import { listEndpoints } from './list-endpoints.ts';
import { entryPaths, isMap, mapAt, type TreeMap, textAt } from './tree.ts';

const TYPES: ReadonlyMap<unknown, ProviderType> = new Map(Object.entries(providerTypes));

/** Keys that need each other or exclude each other. */
export function checkForms({ tree }: ConfigTree): Finding[] {
  return [
    ...entryPaths(tree, ['providers']).flatMap((path) => checkProvider(tree, path)),
    ...entryPaths(tree, ['models']).flatMap((path) => checkModel(tree, path)),
    ...entryPaths(tree, ['variants']).flatMap((path) => checkVariant(tree, path)),
  ];
}

function checkProvider(tree: unknown, path: Path): Finding[] {
  const provider = mapAt(tree, path);
  const type = TYPES.get(provider['type']);
  if (type === undefined || provider['enabled'] === false) return [];
  const findings: Finding[] = [];
  if (type.defaultBaseUrl === null && provider['base_url'] === undefined) {
    findings.push(keyError(path, `needs \`base_url\`: type ${type.id} has no default`));
  }
  const { keys = {} } = provider;
  if (type.needsKey && isMap(keys) && Object.keys(keys).length === 0) {
    findings.push(keyWarning(path, 'has no `keys`: its calls will carry no authentication'));
  }
  return findings;
}

function checkModel(tree: unknown, path: Path): Finding[] {
  const model = mapAt(tree, path);
  if (model['endpoints'] !== undefined) return excludeShortForm(model, path);
  return model['provider'] === undefined ? [keyError(path, 'needs `provider` or `endpoints`')] : [];
}

function checkVariant(tree: unknown, path: Path): Finding[] {
  const variant = mapAt(tree, path);
  if (variant['endpoints'] !== undefined) return excludeShortForm(variant, path);
  const base = textAt(tree, [...path, 'model']) ?? '';
  if (listEndpoints(tree, ['models', base]).length < 2) return [];
  return ['provider', 'slug']
    .filter((key) => variant[key] !== undefined)
    .map((key) =>
      keyError(
        [...path, key],
        `\`${base}\` has several endpoints; write \`endpoints\` here instead`,
      ),
    );
}

function excludeShortForm(model: TreeMap, path: Path): Finding[] {
  return ['provider', 'slug', 'key']
    .filter((key) => model[key] !== undefined)
    .map((key) => keyError([...path, key], 'belongs into each of the `endpoints`'));
}
