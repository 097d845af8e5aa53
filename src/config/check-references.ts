import { suggest } from '../core/suggest.ts';
import { type ConfigTree, type ModelNames, quote, readModelNames } from './config-tree.ts';
import { error, type Finding, type Path } from './finding.ts';
import { listEndpoints } from './list-endpoints.ts';
import { entryPaths, listAt, mapAt, pathKey, textAt } from './tree.ts';

/** Every name that must exist somewhere else in the file, and does not (CFG-6, CFG-8). */
export function checkReferences({ tree, origins }: ConfigTree): Finding[] {
  const names = readModelNames({ tree, origins });
  const config: References = { tree, origins, keysAt: createKeyReader(tree) };
  return [
    ...entryPaths(tree, ['models']).flatMap((path) => [
      ...checkEndpoints(config, path),
      ...checkFallbacks(config, names, path),
    ]),
    ...entryPaths(tree, ['variants']).flatMap((path) => [
      ...checkBase(config, path),
      ...checkEndpoints(config, path),
      ...checkInheritedKey(config, path),
      ...checkFallbacks(config, names, path),
    ]),
    ...entryPaths(tree, ['api_keys']).flatMap((path) => [
      ...checkGrants(config, names, [...path, 'models']),
      ...checkGrants(config, names, [...path, 'denied_models']),
      ...checkGroups(config, path),
    ]),
  ];
}

/** The config, and the names in its sections: each is read once, however many entries refer to it. */
interface References extends ConfigTree {
  keysAt(path: Path): ReadonlySet<string>;
}

function createKeyReader(tree: unknown): References['keysAt'] {
  const known = new Map<string, ReadonlySet<string>>();
  return (path) => {
    const keys = known.get(pathKey(path)) ?? new Set(Object.keys(mapAt(tree, path)));
    known.set(pathKey(path), keys);
    return keys;
  };
}

function checkEndpoints(config: References, modelPath: Path): Finding[] {
  return listEndpoints(config.tree, modelPath).flatMap(({ path, provider }) => [
    ...checkName(config, [...path, 'provider'], 'provider', config.keysAt(['providers'])),
    ...checkProviderKey(config, [...path, 'key'], provider),
  ]);
}

function checkProviderKey(config: References, path: Path, provider: string | undefined): Finding[] {
  if (provider === undefined || !config.keysAt(['providers']).has(provider)) return [];
  const { enabled, keys: named } = mapAt(config.tree, ['providers', provider]);
  // They may all be in a variable, which a provider that is switched off does not need.
  if (enabled === false && named === undefined) return [];
  const keys = config.keysAt(['providers', provider, 'keys']);
  const name = textAt(config.tree, path);
  if (name === undefined || keys.has(name)) return [];
  const near = suggest(name, keys);
  return [error(path, `provider \`${provider}\` has no key ${quote(config, path)}${near}`)];
}

function checkBase(config: References, variantPath: Path): Finding[] {
  const path = [...variantPath, 'model'];
  const base = textAt(config.tree, path) ?? '';
  const models = config.keysAt(['models']);
  if (models.has(base) && !base.includes('*')) return [];
  if (models.has(base)) {
    return [
      error(path, `${quote(config, path)} is a wildcard; only a model of one name has variants`),
    ];
  }
  if (config.keysAt(['variants']).has(base)) {
    return [error(path, `${quote(config, path)} is a variant itself; name its model`)];
  }
  return checkName(
    config,
    path,
    'model',
    new Set([...models].filter((name) => !name.includes('*'))),
  );
}

/** A variant's `key` without endpoints of its own is a key of every provider of its model. */
function checkInheritedKey(config: References, path: Path): Finding[] {
  if (listEndpoints(config.tree, path).length > 0) return [];
  const base = textAt(config.tree, [...path, 'model']) ?? '';
  const providers = listEndpoints(config.tree, ['models', base]).map(({ provider }) => provider);
  return [...new Set(providers)].flatMap((provider) =>
    checkProviderKey(config, [...path, 'key'], provider),
  );
}

function checkFallbacks(config: References, names: ModelNames, path: Path): Finding[] {
  return textsIn(config, [...path, 'fallbacks']).flatMap(({ path: at }) =>
    checkModelName(config, names, at),
  );
}

function checkGrants(config: References, names: ModelNames, path: Path): Finding[] {
  return textsIn(config, path).flatMap(({ path: at, text }) =>
    text.endsWith('*') ? [] : checkModelName(config, names, at),
  );
}

/** A place that names a model or variant, and follows no alias. */
function checkModelName(config: References, names: ModelNames, path: Path): Finding[] {
  const name = textAt(config.tree, path) ?? '';
  if (names.isServed(name)) return [];
  if (Object.hasOwn(mapAt(config.tree, ['model_alias']), name)) {
    return [error(path, `${quote(config, path)} is an alias; name the model that it stands for`)];
  }
  return checkName(config, path, 'model', names.exact);
}

/** Teams are always declared; users and organisations may be mere labels while none is declared. */
function checkGroups(config: References, path: Path): Finding[] {
  const groups = { team: 'teams', user: 'users', organisation: 'organisations' };
  return Object.entries(groups).flatMap(([key, section]) => {
    const known = config.keysAt([section]);
    if (key !== 'team' && known.size === 0) return [];
    return checkName(config, [...path, key], key, known);
  });
}

function checkName(
  config: References,
  path: Path,
  what: string,
  known: ReadonlySet<string>,
): Finding[] {
  const name = textAt(config.tree, path);
  if (name === undefined || known.has(name)) return [];
  return [error(path, `unknown ${what} ${quote(config, path)}${suggest(name, known)}`)];
}

function textsIn({ tree }: ConfigTree, path: Path): { path: Path; text: string }[] {
  return listAt(tree, path).flatMap((text, index) =>
    typeof text === 'string' ? [{ path: [...path, index], text }] : [],
  );
}
