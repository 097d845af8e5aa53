import { describePricing } from '../usage/describe-pricing.ts';
import type { Catalog, Model, Provider } from './catalog.ts';

/** Everything that can be asked for, and who serves it, for people; previews in place of secrets. */
export function describeCatalogue(catalog: Catalog) {
  return {
    config_hash: catalog.configHash,
    models: [...catalog.models.values()].map(describeModel),
    wildcards: catalog.wildcards.map(({ model }) => describeModel(model)),
    aliases: [...catalog.aliases].map(([name, target]) => ({ name, target })),
    providers: [...catalog.providers.values()].map(describeProvider),
  };
}

/** A model as people are told of it. */
export type DescribedModel = ReturnType<typeof describeModel>;

function describeModel(model: Model) {
  return {
    name: model.name,
    variant_of: model.variantOf,
    type: model.kind,
    capabilities: model.capabilities,
    context_window: model.contextWindow,
    max_output_tokens: model.maxOutputTokens,
    fallbacks: model.fallbacks,
    endpoints: model.endpoints.map(({ provider, slug, key, billPricing }) => ({
      provider: provider.name,
      slug,
      key: key?.name ?? null,
      key_preview: key?.preview ?? null,
      price: billPricing && describePricing(billPricing, provider.discountBasisPoints),
      price_source: billPricing?.source ?? null,
    })),
  };
}

function describeProvider(provider: Provider) {
  return {
    name: provider.name,
    label: provider.label,
    type: provider.type.id,
    enabled: provider.enabled,
    byok: provider.byok,
    self_hosted: provider.selfHosted,
    discount_basis_points: provider.discountBasisPoints,
    keys: [...provider.keys.values()].map(({ name, preview, revoked }) => ({
      name,
      preview,
      revoked,
    })),
  };
}
