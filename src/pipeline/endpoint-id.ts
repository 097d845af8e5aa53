import type { Endpoint } from '../catalog/catalog.ts';
import type { EndpointId } from '../routing/routing-state.ts';

/** Under what routing remembers an endpoint. */
export function endpointId({ provider, slug, key }: Endpoint): EndpointId {
  return { provider: provider.name, slug, key: key?.name ?? null };
}

/** True where two model records mean the same endpoint. */
export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.provider === b.provider && a.slug === b.slug && a.key === b.key;
}
