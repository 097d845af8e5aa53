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
    ...checkBudgets(catalog, apiKeys),
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
function checkBudgets(catalog: Catalog, apiKeys: readonly ApiKey[]): Finding[] {
  const unpriced = [...catalog.models.values()].filter(
    (model) => isBilled(model) && model.endpoints.some(({ billPricing }) => billPricing === null),
  );
  return apiKeys.flatMap((apiKey) => {
    if (apiKey.allowsUnpriced) return [];
    const reached = unpriced.filter(({ name }) => apiKey.grants(name)).map(({ name }) => name);
    if (reached.length === 0 || !apiKey.rules.countsMoney) return [];
    const names = reached.map((name) => `\`${name}\``).join(', ');
    const message = `has a budget and may call ${names}, whose price is not known: add a price, or \`unpriced: allow\` here`;
    return [keyError(['api_keys', apiKey.name], message)];
  });
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
