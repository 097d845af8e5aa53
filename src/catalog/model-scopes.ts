import type { EndpointConfig } from '../config/model-schema.ts';
import type { Scope } from '../policies/scope.ts';
import type { ModelRecord } from './expand-variants.ts';

/** The scope of a model's or variant's own limits; a variant counts apart from its model (POL-1). */
export function modelScope(record: ModelRecord): Scope {
  return { kind: 'model', name: record.name, path: pathOf(record) };
}

interface EndpointPlace {
  endpoint: EndpointConfig;
  slug: string;
}

/** The scope of one endpoint's limits: what it is, not where it stands, so that a reload finds it again. */
export function endpointScope(record: ModelRecord, { endpoint, slug }: EndpointPlace): Scope {
  const { provider, key } = endpoint;
  const index = record.endpoints.indexOf(endpoint);
  const twins = record.endpoints
    .slice(0, index)
    .filter((each) => each.provider === provider && each.slug === slug && each.key === key);
  const names = [slug, key].filter((name) => name !== undefined && name !== record.name);
  const twin = twins.length === 0 ? '' : ` #${twins.length + 1}`;
  return {
    kind: 'endpoint',
    name: `${record.name} at ${[provider, ...names].join(' ')}${twin}`,
    path: `${pathOf(record)}.endpoints[${index}]`,
  };
}

function pathOf({ name, variantOf }: ModelRecord): string {
  return `${variantOf === null ? 'models' : 'variants'}.${name}`;
}
