import type { Endpoint } from '../catalog/catalog.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { capsOf, type ModelCaps } from '../dialects/model-caps.ts';

const knownCaps = new WeakMap<Endpoint, Map<DialectId, ModelCaps>>();

/** What an endpoint can do in a dialect; looked up once. */
export function capsOfEndpoint(endpoint: Endpoint, dialect: DialectId): ModelCaps {
  const byDialect = knownCaps.get(endpoint) ?? new Map<DialectId, ModelCaps>();
  knownCaps.set(endpoint, byDialect);
  const caps = byDialect.get(dialect) ?? capsOf(dialect, endpoint.slug, endpoint.caps);
  byDialect.set(dialect, caps);
  return caps;
}
