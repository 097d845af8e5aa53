import { createMemo } from '../core/memo.ts';
import {
  type Circuit,
  type CircuitSettings,
  createCircuit,
  type SharedCircuit,
} from './circuit.ts';
import type { EndpointId } from './endpoint-id.ts';
import { createEndpointStats, type EndpointStats } from './endpoint-stats.ts';
import { createExplorationCounter, type ExplorationCounter } from './explore.ts';

/** More endpoints than any config has; those of wildcard models are forgotten when long unused. */
export const MIN_REMEMBERED = 10_000;

/** All that routing remembers; a reload keeps it. */
export interface RoutingState {
  stats(endpoint: EndpointId): EndpointStats;
  circuit(endpoint: EndpointId): Circuit;
  exploration: ExplorationCounter;
}

/** What the process that owns the circuits answers with, by the keys of endpoint ids. */
export interface OwnRoutingState extends RoutingState {
  statsOf(speedKey: string): EndpointStats;
  circuitOf(trustKey: string): SharedCircuit;
}

interface RoutingMemory {
  /** Milliseconds that a measurement counts. */
  windowMs: number;
  circuit: CircuitSettings;
  /** Numbers from 0 to 1. */
  random: () => number;
}

/** An empty memory. */
export function createRoutingState(memory: RoutingMemory): OwnRoutingState {
  const stats = createMemo(() => createEndpointStats(memory.windowMs), MIN_REMEMBERED);
  const circuits = createMemo(() => createCircuit(memory.circuit, memory.random), MIN_REMEMBERED);
  return {
    statsOf: stats,
    circuitOf: circuits,
    stats: ({ speedKey }) => stats(speedKey),
    circuit: ({ trustKey }) => circuits(trustKey),
    exploration: createExplorationCounter(),
  };
}
