/*
 * From what the user wrote to what requests look up: variants expanded, references resolved, prices
 * chosen, secrets bound. The config has been checked, so nothing in here can fail on a user's slip.
 */
import type { Config } from '../config/schema.ts';
import type { Limit } from '../policies/limit.ts';
import type { Rules } from '../policies/rules.ts';
import { compileAliases } from './aliases.ts';
import type { ApiKey, Catalog, Model } from './catalog.ts';
import { compileApiKeys, digestOf } from './compile-api-keys.ts';
import { compileCallerRules } from './compile-caller-rules.ts';
import { compileModel, compileWildcard } from './compile-models.ts';
import { compileProviders, type MockUrls } from './compile-providers.ts';
import { expandVariants } from './expand-variants.ts';
import type { ListPricesAt } from './list-prices.ts';

/** What a catalog is made of. */
export interface CatalogSource {
  config: Config;
  configHash: string;
  listPricesAt: ListPricesAt;
  /** When the prices are to apply, in milliseconds since the epoch. */
  at: number;
  mockUrls: MockUrls;
}

/** Compiles a checked config. */
export function compileCatalog(source: CatalogSource): Catalog {
  const { config, configHash, mockUrls } = source;
  const listPrices = source.listPricesAt(source.at);
  const providers = compileProviders(config, mockUrls);
  const records = expandVariants(config);
  const context = { providers, findListPrice: listPrices.find };
  const models = records
    .filter(({ name }) => !name.endsWith('*'))
    .map((record) => compileModel(record, context));
  const wildcards = records
    .filter(({ name }) => name.endsWith('*'))
    .map((record) => compileWildcard(record, context))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  const callers = compileCallerRules(config);
  const apiKeys = compileApiKeys(config, callers);
  return {
    configHash,
    models: new Map(models.map((model) => [model.name, model])),
    wildcards,
    aliases: compileAliases(config.model_alias),
    providers,
    pins: compilePins(models),
    privateKeyFiles: config.encryption.private_keys,
    apiKeys: byDigest(apiKeys),
    adminDigest: config.admin_key ? digestOf(config.admin_key.reveal()) : null,
    pricesChangeAt: listPrices.changeAt,
    rules: callers.global,
    limits: listLimits([
      callers.global,
      ...callers.groups,
      ...(apiKeys ?? []).map(({ rules }) => rules),
      ...[...models, ...wildcards.map(({ model }) => model)].flatMap(({ rules, endpoints }) => [
        rules,
        ...endpoints.map((endpoint) => endpoint.rules),
      ]),
    ]),
  };
}

function compilePins(models: readonly Model[]): Map<string, Map<string, Model>> {
  const pins = new Map<string, Map<string, Model>>();
  for (const model of models) {
    for (const { provider, slug } of model.endpoints) {
      const bySlug = pins.get(provider.name) ?? new Map<string, Model>();
      pins.set(provider.name, bySlug);
      if (bySlug.has(slug)) continue;
      const endpoints = model.endpoints.filter(
        (endpoint) => endpoint.provider === provider && endpoint.slug === slug,
      );
      bySlug.set(slug, { ...model, endpoints });
    }
  }
  return pins;
}

/** Each limit once, although the rules of a key hold those of its groups. */
function listLimits(rules: readonly Rules[]): Limit[] {
  const limits = rules.flatMap((each) => each.limits);
  return [...new Map(limits.map((limit) => [limit.id, limit])).values()];
}

function byDigest(apiKeys: ApiKey[] | null): Map<string, ApiKey> | null {
  return apiKeys && new Map(apiKeys.map((apiKey) => [apiKey.digest.toString('hex'), apiKey]));
}
