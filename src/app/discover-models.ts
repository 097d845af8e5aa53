import type { Catalog, Provider, ProviderKey } from '../catalog/catalog.ts';
import { type CatalogSource, compileCatalog } from '../catalog/compile.ts';
import { loadListPrices } from '../catalog/list-prices.ts';
import { suggest } from '../core/suggest.ts';
import { createUpstreamClient } from '../upstream/client.ts';
import type { Pricing } from '../usage/pricing.ts';
import { askModels } from './ask-models.ts';
import { describeTrouble } from './doctor/describe-trouble.ts';
import type { UpstreamModel } from './read-model-list.ts';
import { revealKey } from './reveal-key.ts';
import { createSimulators } from './simulators.ts';
import { StartError } from './start-error.ts';

const TIMEOUT_MS = 30_000;

/** Whom to ask, as the config names them. */
export interface DiscoveryWish {
  provider: string;
  /** Default: the first key that is not revoked. */
  key: string | undefined;
}

/** A model that the provider has, and what is known of it here. */
export interface DiscoveredModel extends UpstreamModel {
  /** What the bundled list charges for it; null = not known. */
  listPrice: Pricing | null;
}

/** What a provider has, beside what the config has of it. */
export interface Discovery {
  catalog: Catalog;
  provider: Provider;
  key: ProviderKey | null;
  models: DiscoveredModel[];
}

/** Asks a provider of the config for its models; throws a StartError that says why that failed. */
export async function discoverModels(
  source: CatalogSource,
  wish: DiscoveryWish,
): Promise<Discovery> {
  const upstream = createUpstreamClient();
  const simulators = createSimulators();
  try {
    const mockUrls = await simulators.urlsFor(source.config);
    const catalog = compileCatalog({ ...source, mockUrls });
    const { provider, key } = choose(catalog, wish);
    const { outcome } = await askModels({
      provider,
      key: key && (await revealKey(key, catalog)),
      upstream,
      timeoutMs: TIMEOUT_MS,
    });
    if (outcome.kind !== 'listed') {
      const { says, advice } = describeTrouble(provider, key, outcome);
      throw new StartError([`${provider.name} ${says}`, advice ?? '']);
    }
    const prices = (await loadListPrices()).at(source.at);
    const models = outcome.models.map((model) => ({
      ...model,
      listPrice: prices.find(provider, model.slug),
    }));
    return { catalog, provider, key, models };
  } finally {
    await Promise.all([upstream.close(), simulators.close()]);
  }
}

function choose({ providers }: Catalog, wish: DiscoveryWish) {
  const provider = providers.get(wish.provider);
  if (provider === undefined) {
    const near = suggest(wish.provider, providers.keys());
    throw new StartError([`The config has no provider \`${wish.provider}\`${near}`]);
  }
  const keys = [...provider.keys.values()];
  if (wish.key === undefined) {
    return { provider, key: keys.find(({ revoked }) => !revoked) ?? null };
  }
  const key = provider.keys.get(wish.key);
  if (key !== undefined) return { provider, key };
  const near = suggest(wish.key, provider.keys.keys());
  throw new StartError([`\`${provider.name}\` has no key \`${wish.key}\`${near}`]);
}
