import { type Circuit, type CircuitSettings, createCircuit } from './circuit.ts';
import { createEndpointStats, type EndpointStats } from './endpoint-stats.ts';
import { createExplorationCounter, type ExplorationCounter } from './explore.ts';

/** What tells one endpoint from another. */
export interface EndpointId {
  provider: string;
  slug: string;
  /** The provider key's name; null where there is none. */
  key: string | null;
}

/** All that routing remembers; a reload keeps it. */
export interface RoutingState {
  /** By provider and slug: every model and key that shares them shares their speed. */
  stats(endpoint: EndpointId): EndpointStats;
  /** By provider, slug and key: a refused key says nothing of another one. */
  circuit(endpoint: EndpointId): Circuit;
  exploration: ExplorationCounter;
}

interface RoutingMemory {
  /** Milliseconds that a measurement counts. */
  windowMs: number;
  circuit: CircuitSettings;
  /** Numbers from 0 to 1. */
  random: () => number;
}

/** An empty memory. */
export function createRoutingState(memory: RoutingMemory): RoutingState {
  const stats = createMemo(() => createEndpointStats(memory.windowMs));
  const circuits = createMemo(() => createCircuit(memory.circuit, memory.random));
  return {
    stats: ({ provider, slug }) => stats(`${provider}\n${slug}`),
    circuit: ({ provider, slug, key }) => circuits(`${provider}\n${slug}\n${key ?? ''}`),
    exploration: createExplorationCounter(),
  };
}

/** Slugs that clients invent (wildcards) cannot fill the memory. */
const MAX_ENTRIES = 10_000;

/** Makes each value once; the one longest unused is forgotten when there are too many. */
function createMemo<Value>(create: () => Value): (id: string) => Value {
  const known = new Map<string, Value>();
  return (id) => {
    const value = known.get(id) ?? create();
    known.delete(id);
    known.set(id, value);
    const oldest = known.size > MAX_ENTRIES ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    return value;
  };
}
