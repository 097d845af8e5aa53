import { splitSuffix } from '../routing/split-suffix.ts';
import type { Catalog } from './catalog.ts';
import { findWildcard } from './find-wildcard.ts';
import type { Resolution } from './resolve-model.ts';

/** The steps that led from the requested string to its model, a sentence each. */
export function describeResolution(catalog: Catalog, resolution: Resolution): string[] {
  const { requested, alias, model } = resolution;
  return [
    ...describeSuffix(catalog, resolution),
    ...(alias === null ? [] : [describeAlias(alias, catalog.aliases.get(alias))]),
    ...(resolution.pinnedProvider === null
      ? []
      : [`\`${requested}\` asks for provider \`${resolution.pinnedProvider}\` only.`]),
    describeModel(catalog, resolution),
    resolution.discount
      ? 'Only endpoints of self-hosted providers are left (`:discount`).'
      : `\`${model.name}\` is routed by the \`${resolution.profile}\` profile.`,
  ];
}

function describeSuffix(catalog: Catalog, resolution: Resolution): string[] {
  const { requested, isProfileNamed, discount } = resolution;
  if (catalog.models.has(requested) || catalog.aliases.has(requested)) return [];
  // A slug or a wildcard's name may end like a suffix.
  const split = isProfileNamed || discount ? splitSuffix(requested) : null;
  return split
    ? [`\`${requested}\` is \`${split.base}\` with the suffix \`:${split.suffix}\`.`]
    : [];
}

function describeAlias(alias: string, target = ''): string {
  return `\`${alias}\` is an alias of \`${target}\`.`;
}

function describeModel(catalog: Catalog, { model }: Resolution): string {
  if (model.variantOf !== null) {
    return `\`${model.name}\` is a variant of the model \`${model.variantOf}\`.`;
  }
  const isDeclared = catalog.models.has(model.name);
  const wildcard = isDeclared ? undefined : findWildcard(catalog, model.name);
  return wildcard
    ? `\`${model.name}\` is served by the wildcard model \`${wildcard.model.name}\`.`
    : `\`${model.name}\` is a model.`;
}
