import type { Endpoint } from '../catalog/catalog.ts';
import type { Operation } from '../dialects/operation.ts';

const urls = new WeakMap<Endpoint, Map<Operation, string>>();

/** Where an endpoint serves an operation, without a query; put together once. */
export function endpointUrl(endpoint: Endpoint, operation: Operation): string {
  const byOperation = urls.get(endpoint) ?? new Map<Operation, string>();
  const known = byOperation.get(operation);
  if (known !== undefined) return known;
  const url = buildUrl(endpoint, operation);
  urls.set(endpoint, byOperation.set(operation, url));
  return url;
}

function buildUrl({ provider, slug }: Endpoint, operation: Operation): string {
  const { baseUrl, settings, type } = provider;
  return type.url({ baseUrl, operation, slug }, settings);
}
