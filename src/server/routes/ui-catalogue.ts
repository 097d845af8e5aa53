import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Catalog, Model, Provider } from '../../catalog/catalog.ts';
import { describePricing } from '../../usage/describe-pricing.ts';

/** Everything that the config names, for people; previews in place of secrets. */
export async function describeCatalogue(catalog: Catalog): Promise<unknown> {
  return {
    config_hash: catalog.configHash,
    needs_api_key: catalog.apiKeys !== null,
    models: [...catalog.models.values()].map(describeModel),
    wildcards: catalog.wildcards.map(({ model }) => describeModel(model)),
    aliases: [...catalog.aliases].map(([name, target]) => ({ name, target })),
    providers: [...catalog.providers.values()].map(describeProvider),
    encryption: await Promise.all(
      Object.entries(catalog.privateKeyFiles).map(async ([keyId, file]) => ({
        key_id: keyId,
        public_key: await readPublicKey(file),
      })),
    ),
  };
}

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

/** The public half of a private key; null where the file cannot be read. */
async function readPublicKey(file: string): Promise<string | null> {
  try {
    return createPublicKey(await readFile(file, 'utf8'))
      .export({ type: 'spki', format: 'pem' })
      .toString();
  } catch {
    return null;
  }
}
