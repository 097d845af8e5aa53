import type { Server } from 'node:http';
import type { OpenCalls } from './open-calls.ts';
import type { UnusedConnections } from './unused-connections.ts';

/** How often connections that have become idle are closed. */
const SWEEP_MS = 25;

/** How long a client may take to read the error that ends its call. */
const FAREWELL_MS = 1_000;

/** A shutdown under way. */
export interface Drain {
  /** Resolves when every call has settled and every connection is closed. */
  done: Promise<void>;
  /** Ends the grace at once. */
  hurry(): void;
}

/** What is to be drained, and how patiently. */
interface DrainParts {
  calls: OpenCalls;
  unused: UnusedConnections;
  graceMs: number;
}

/**
 * Stops accepting, lets calls in flight finish for `graceMs`, ends what is left then with an error in
 * its own protocol, and cuts whoever does not read even that (REL-3).
 */
export function drain(server: Server, { calls, unused, graceMs }: DrainParts): Drain {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  unused.close();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  let cutting: NodeJS.Timeout | undefined;
  const cut = () => {
    clearTimeout(grace);
    if (cutting !== undefined) return;
    calls.cutAll();
    cutting = setTimeout(() => server.closeAllConnections(), FAREWELL_MS);
  };
  const grace = setTimeout(cut, graceMs);

  const finish = async () => {
    await closed;
    await calls.settled();
    clearInterval(sweep);
    clearTimeout(grace);
    clearTimeout(cutting);
  };
  return { done: finish(), hurry: cut };
}
