import cluster, { type Worker } from 'node:cluster';
import { createLink, type Link, type Operations } from './link.ts';
import type { OwnerOperations } from './operations.ts';
import type { Message, Wire } from './outbox.ts';

/** How a worker is started: the words after the program's own. */
export interface WorkerCommand {
  /** The script that Node runs; null in a single executable, which needs none. */
  script: string | null;
  words: readonly [string, ...string[]];
}

/** True where this process may start workers: it is not a worker itself, of Signalbox or of a process manager. */
export function canStartWorkers(): boolean {
  return cluster.isPrimary;
}

/** Starts one more process that shares the port; connections go to each in turn. */
export function startWorkerProcess({ script, words }: WorkerCommand): Worker {
  const [first, ...rest] = words;
  cluster.setupPrimary({
    // A single executable takes the first word for its command, as Node takes its script.
    ...(script === null ? { exec: first, args: rest } : { exec: script, args: [...words] }),
  });
  return cluster.fork();
}

/** The owner's way to a worker. */
export function wireTo(worker: Worker): Wire {
  return {
    send(message) {
      if (worker.isConnected()) worker.send(message as never);
    },
    receive(onMessage) {
      worker.on('message', (message) => onMessage(message as Message));
    },
  };
}

/** A worker's link to its owner. Without an owner there is nothing left to do: Node ends the process then. */
export function linkToOwner(operations: Operations): Link<OwnerOperations> {
  const wire: Wire = {
    send(message) {
      if (process.connected) process.send?.(message);
    },
    receive(onMessage) {
      process.on('message', (message) => onMessage(message as Message));
    },
  };
  return createLink<OwnerOperations>(wire, { operations });
}
