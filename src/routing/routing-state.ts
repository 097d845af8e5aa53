import { type Circuit, type CircuitSettings, createCircuit } from './circuit.ts';
import type { EndpointId } from './endpoint-id.ts';
import { createEndpointStats, type EndpointStats } from './endpoint-stats.ts';
import { createExplorationCounter, type ExplorationCounter } from './explore.ts';
import { createMemo } from './memo.ts';

/** More endpoints than any config has; those of wildcard models are forgotten when long unused. */
const MIN_REMEMBERED = 10_000;

/** All that routing remembers; a reload keeps it. */
export interface RoutingState {
  stats(endpoint: EndpointId): EndpointStats;
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
  const stats = createMemo(() => createEndpointStats(memory.windowMs), MIN_REMEMBERED);
  const circuits = createMemo(() => createCircuit(memory.circuit, memory.random), MIN_REMEMBERED);
  return {
    stats: ({ speedKey }) => stats(speedKey),
    circuit: ({ trustKey }) => circuits(trustKey),
    exploration: createExplorationCounter(),
  };
}
