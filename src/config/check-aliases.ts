import { suggest } from '../core/suggest.ts';
import { splitSuffix } from '../routing/split-suffix.ts';
import { type ConfigTree, quote, readModelNames } from './config-tree.ts';
import { type Finding, warning } from './finding.ts';
import { mapAt, textAt } from './tree.ts';

/** Aliases that do not do what they seem to (CFG-10, RES-2); none of them stops the proxy. */
export function checkAliases(config: ConfigTree): Finding[] {
  const aliases = mapAt(config.tree, ['model_alias']);
  const names = readModelNames(config);
  return Object.keys(aliases).flatMap((alias) => {
    const path = ['model_alias', alias];
    const target = textAt(config.tree, path);
    if (target === undefined || target === '') return [];
    if (target === alias) return [warning(path, 'points to itself and is ignored')];
    const findings: Finding[] = [];
    if (names.exact.has(alias)) {
      findings.push(warning(path, 'hides the model of the same name'));
    }
    const base = names.isServed(target) ? target : (splitSuffix(target)?.base ?? target);
    if (base !== alias && Object.hasOwn(aliases, base)) {
      findings.push(
        warning(path, `${quote(config, path)} is an alias, and aliases are one level deep`),
      );
    } else if (!names.isServed(base)) {
      const near = suggest(base, names.exact);
      findings.push(warning(path, `no model has the name ${quote(config, path)}${near}`));
    }
    return findings;
  });
}
