import type { Endpoint } from '../catalog/catalog.ts';
import type { CounterStore } from '../policies/counters.ts';
import type { Limit } from '../policies/limit.ts';

/** The endpoints that have reached a limit of their own: a call would pass them by (ROU-2). */
export async function findFullEndpoints(
  endpoints: readonly Endpoint[],
  counters: CounterStore,
): Promise<ReadonlySet<Endpoint>> {
  const full = new Set<Endpoint>();
  for (const endpoint of endpoints) {
    for (const limit of endpoint.rules.limits) {
      const { used } = await counters.read(limit);
      if (used >= fullAt(limit)) full.add(endpoint);
    }
  }
  return full;
}

function fullAt(limit: Limit): number | bigint {
  // A rate of none lets nothing through, whatever its bucket holds.
  if (limit.kind === 'bucket' && limit.max > 0) return limit.burst;
  return limit.max;
}
