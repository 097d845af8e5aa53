import { isMap } from '../../config/tree.ts';
import type { YamlValue } from '../format-yaml.ts';
import type { SourceMap } from '../source-map.ts';

/** The fallback models of a model, by its name. */
export type Fallbacks = (model: string) => string[] | undefined;

/** Reads `fallbacks` and `default_fallbacks`, keeping only models that exist. */
export function readFallbacks(
  blocks: readonly SourceMap[],
  models: ReadonlySet<string>,
): Fallbacks {
  const byName = new Map<string, string[]>();
  for (const block of blocks) {
    const defaults = block.take('default_fallbacks');
    if (defaults !== undefined) {
      byName.set(ANY, keepKnown(block, 'default_fallbacks', defaults, models));
    }
    for (const entry of block.takeMaps('fallbacks')) readEntry(entry, models, byName);
  }
  return (model) => {
    const targets = byName.get(model) ?? byName.get(ANY) ?? [];
    const others = targets.filter((target) => target !== model);
    return others.length === 0 ? undefined : others;
  };
}

/** LiteLLM's word for the models that have no fallbacks of their own. */
const ANY = '*';

function readEntry(
  entry: SourceMap,
  models: ReadonlySet<string>,
  byName: Map<string, string[]>,
): void {
  for (const name of entry.keys()) {
    const targets = keepKnown(entry, name, entry.take(name), models);
    if (name === ANY || models.has(name)) byName.set(name, targets);
    else entry.refuse(name, `\`${name}\` is no model of the list`);
  }
}

function keepKnown(
  source: SourceMap,
  key: string,
  targets: unknown,
  models: ReadonlySet<string>,
): string[] {
  const names = Array.isArray(targets) ? targets : [targets];
  const known = names.filter((name) => typeof name === 'string' && models.has(name));
  if (known.length < names.length) {
    source.refuse(key, 'a fallback is no model of the list, or more than a name, and is left out');
  }
  return known;
}

/** Reads `model_group_alias`, whose values are names, or maps with a name and whether to hide it. */
export function readAliases(router: SourceMap): {
  aliases: YamlValue | undefined;
  listed: boolean;
} {
  const source = router.takeMap('model_group_alias');
  const aliases: Record<string, string> = {};
  const hidden: boolean[] = [];
  for (const alias of source.keys()) {
    const value = source.take(alias);
    const target = isMap(value) ? value['model'] : value;
    if (typeof target !== 'string') source.refuse(alias, 'names no model');
    else aliases[alias] = target;
    hidden.push(isMap(value) && value['hidden'] === true);
  }
  if (hidden.includes(true) && hidden.includes(false)) {
    router.refuse('model_group_alias', 'some are hidden; here all are listed, or none');
  }
  const isEmpty = Object.keys(aliases).length === 0;
  return { aliases: isEmpty ? undefined : aliases, listed: hidden.includes(false) };
}
