import cluster, { type Worker } from 'node:cluster';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { handBackConnections } from './hand-back.ts';
import { createLink, type Link, type Operations } from './link.ts';
import type { OwnerOperations } from './operations.ts';
import type { Wire } from './outbox.ts';
import { createStreamWire } from './stream-wire.ts';

/** How a worker is started: the words after the program's own. */
export interface WorkerCommand {
  /** The script that Node runs; null in a single executable, which needs none. */
  script: string | null;
  words: readonly [string, ...string[]];
}

/**
 * The descriptor that owner and worker talk over, behind those that each program has and the channel of
 * `node:cluster`, which would put the lines of the ledger into JSON once more.
 */
const LINK = 4;

/** True where this process may start workers: it is not a worker itself, of Signalbox or of a process manager. */
export function canStartWorkers(): boolean {
  return cluster.isPrimary;
}

/** Starts one more process that shares the port; connections go to each in turn. */
export function startWorkerProcess({ script, words }: WorkerCommand): Worker {
  const [first, ...rest] = words;
  cluster.setupPrimary({
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'overlapped'],
    // A single executable takes the first word for its command, as Node takes its script.
    ...(script === null ? { exec: first, args: rest } : { exec: script, args: [...words] }),
  });
  const worker = cluster.fork();
  handBackConnections(worker);
  return worker;
}

/** The owner's way to a worker. */
export function wireTo(worker: Worker): Wire {
  return createStreamWire(streamTo(worker));
}

/**
 * Resolves when a worker has ended, with its exit code or the name of the signal; not before all that it
 * said was read: a line of the ledger whose hold was given back instead of settled would be lost money.
 */
export async function endOf(worker: Worker): Promise<number | string | null> {
  const silent = new Promise((resolve) => streamTo(worker).once('close', resolve));
  const exit = await new Promise<number | string | null>((resolve) => {
    worker.once('exit', (code, signal) => resolve(signal ?? code));
  });
  await silent;
  return exit;
}

function streamTo(worker: Worker): Duplex {
  return worker.process.stdio[LINK] as Duplex;
}

/** A worker's link to its owner. Without an owner there is nothing left to do: Node ends the process then. */
export function linkToOwner(operations: Operations): Link<OwnerOperations> {
  const wire = createStreamWire(new Socket({ fd: LINK }));
  return createLink<OwnerOperations>(wire, { operations });
}
