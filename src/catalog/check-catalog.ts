import { error, type Finding, keyError, keyWarning, type Path } from '../config/finding.ts';
import type { Config } from '../config/schema.ts';
import type { ApiKey, Catalog, Model } from './catalog.ts';
import { compileApiKeys } from './compile-api-keys.ts';
import { compileCallerRules } from './compile-caller-rules.ts';
import { expandVariants, type ModelRecord } from './expand-variants.ts';
import { declaredBillPrice } from './price-endpoint.ts';

/** What only the compiled catalog can tell: prices that are missing, and keys that are the same. */
export function checkCatalog(config: Config, catalog: Catalog): Finding[] {
  const apiKeys = compileApiKeys(config, compileCallerRules(config)) ?? [];
  return [
    ...expandVariants(config).flatMap((record) => checkPrices(catalog, record)),
    ...checkBudgets(config, catalog, apiKeys),
    ...checkDuplicates(apiKeys),
  ];
}

/** One warning per model without a price; `pricing: none` says that it is meant. */
function checkPrices(catalog: Catalog, record: ModelRecord): Finding[] {
  const model = catalog.models.get(record.name);
  if (model === undefined || !isBilled(model)) return [];
  const unpriced = model.endpoints.filter(({ index, billPricing }) => {
    const endpoint = record.endpoints[index];
    return billPricing === null && endpoint && declaredBillPrice(record, endpoint) === undefined;
  });
  if (unpriced.length === 0) return [];
  const where = unpriced.map(({ provider, slug }) => `\`${slug}\` at \`${provider.name}\``);
  const path: Path = [record.variantOf === null ? 'models' : 'variants', record.name];
  const message = `has no price for ${where.join(', ')}: add \`pricing\`, or \`pricing: none\``;
  return [keyWarning(path, message)];
}

/** A budget cannot count calls whose cost nobody knows (CFG-10). */
function checkBudgets(config: Config, catalog: Catalog, apiKeys: readonly ApiKey[]): Finding[] {
  const unpriced = [...catalog.models.values()].filter(
    (model) => isBilled(model) && model.endpoints.some(({ billPricing }) => billPricing === null),
  );
  const wildcards = findUnpricedWildcards(config, catalog);
  return apiKeys.flatMap((apiKey) => {
    if (apiKey.allowsUnpriced || !apiKey.rules.countsMoney) return [];
    const granted = config.api_keys?.[apiKey.name]?.models ?? [];
    const reached = [
      ...unpriced.filter(({ name }) => apiKey.grants(name)).map(({ name }) => name),
      ...wildcards.filter((name) => mayReach(apiKey, name, granted)),
    ];
    if (reached.length === 0) return [];
    const names = reached.map((name) => `\`${name}\``).join(', ');
    const message = `has a budget and may call ${names}, whose price is not known: add a price, or \`unpriced: allow\` here`;
    return [keyError(['api_keys', apiKey.name], message)];
  });
}

/** Wildcards without a price by their own word; what the price list knows of their slugs is seen by a call. */
function findUnpricedWildcards(config: Config, catalog: Catalog): string[] {
  const billed = new Set(
    catalog.wildcards.filter(({ model }) => isBilled(model)).map(({ model }) => model.name),
  );
  return expandVariants(config)
    .filter((record) => billed.has(record.name))
    .filter((record) =>
      record.endpoints.some((endpoint) => declaredBillPrice(record, endpoint) === 'none'),
    )
    .map(({ name }) => name);
}

/** Whether a key may call the wildcard as a whole, or a name or narrower pattern inside it. */
function mayReach(apiKey: ApiKey, wildcard: string, granted: readonly string[]): boolean {
  const inside = granted.filter((name) => name.startsWith(wildcard.slice(0, -1)));
  return [wildcard, ...inside].some(apiKey.grants);
}

/** Moderation is free where it is offered, so it needs no price. */
function isBilled({ kind }: Model): boolean {
  return kind !== 'moderation';
}

function checkDuplicates(apiKeys: readonly ApiKey[]): Finding[] {
  const first = new Map<string, string>();
  return apiKeys.flatMap(({ name, digest }) => {
    const known = first.get(digest.toString('hex'));
    if (known === undefined) first.set(digest.toString('hex'), name);
    return known === undefined
      ? []
      : [error(['api_keys', name, 'key'], `is the same key as that of \`${known}\``)];
  });
}
