import type { Clock } from '../core/clock.ts';
import { createMemo } from '../core/memo.ts';
import type { CircuitView } from '../routing/circuit.ts';
import { createEndpointStats, type EndpointStats } from '../routing/endpoint-stats.ts';
import { createExplorationCounter } from '../routing/explore.ts';
import { MIN_REMEMBERED, type RoutingState } from '../routing/routing-state.ts';
import type { Link } from './link.ts';
import type { Measured, OwnerOperations } from './operations.ts';
import { createRemoteCircuit } from './remote-circuit.ts';

/** What routing remembers in a worker: its own measurements at once, those of others a moment later. */
export interface RemoteRouting extends RoutingState {
  /** Another worker has measured an endpoint. */
  learn(measured: Measured): void;
  /** The owner tells what became of a circuit. */
  show(trustKey: string, view: CircuitView): void;
}

interface RoutingMemory {
  clock: Clock;
  /** Milliseconds that a measurement counts. */
  windowMs: number;
}

/** A memory that shares with its owner what it learns. */
export function createRemoteRouting(
  owner: Link<OwnerOperations>,
  { clock, windowMs }: RoutingMemory,
): RemoteRouting {
  const measured = createMemo((speedKey) => {
    const own = createEndpointStats(windowMs);
    const shared: EndpointStats = {
      read: own.read,
      record(measure, nowMs) {
        own.record(measure, nowMs);
        owner.mention('measured', { speedKey, measure });
      },
    };
    return { own, shared };
  }, MIN_REMEMBERED);
  const circuits = createMemo(
    (trustKey) => createRemoteCircuit(owner, clock, trustKey),
    MIN_REMEMBERED,
  );
  return {
    stats: ({ speedKey }) => measured(speedKey).shared,
    circuit: ({ trustKey }) => circuits(trustKey),
    exploration: createExplorationCounter(),
    learn: ({ speedKey, measure }) => measured(speedKey).own.record(measure, clock.monotonicMs()),
    show: (trustKey, view) => circuits(trustKey).show(view),
  };
}
