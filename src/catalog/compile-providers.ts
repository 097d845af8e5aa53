import type { ProviderConfig } from '../config/provider-schema.ts';
import type { Config } from '../config/schema.ts';
import { providerTypes } from '../providers/index.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import type { Provider, ProviderKey } from './catalog.ts';

const TYPES: ReadonlyMap<string, ProviderType> = new Map(Object.entries(providerTypes));

/** Where each simulated provider listens, by the provider's name. */
export type MockUrls = ReadonlyMap<string, string>;

/** The providers by name, in the order declared. */
export function compileProviders(config: Config, mockUrls: MockUrls): Map<string, Provider> {
  return new Map(
    Object.entries(config.providers).map(([name, provider]) => [
      name,
      compileProvider(name, provider, mockUrls),
    ]),
  );
}

function compileProvider(name: string, provider: ProviderConfig, mockUrls: MockUrls): Provider {
  const type = TYPES.get(provider.type);
  if (type === undefined) throw new Error(`Provider ${name} has no known type`);
  const baseUrl = mockUrls.get(name) ?? provider.base_url ?? type.defaultBaseUrl ?? '';
  // Every provider type's settings hold the common ones.
  const { headers } = provider.config as { headers: Record<string, string> };
  return {
    name,
    label: provider.name ?? name,
    type,
    baseUrl,
    timeoutMs: provider.timeout,
    enabled: provider.enabled,
    byok: provider.byok,
    selfHosted: provider.self_hosted,
    discountBasisPoints: Math.round(provider.discount_percent * 100),
    settings: provider.config,
    headers,
    keys: compileKeys(provider),
  };
}

function compileKeys({ keys }: ProviderConfig): Map<string, ProviderKey> {
  return new Map(
    Object.entries(keys).map(([name, { key, key_preview: preview = key.preview, revoked }]) => [
      name,
      { name, secret: key, preview, revoked },
    ]),
  );
}
