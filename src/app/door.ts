import type { ProcessFigures } from '../metrics/process-families.ts';
import { type Drain, drain } from '../server/drain.ts';
import type { createHttpServer } from '../server/http-server.ts';
import type { OpenCalls } from '../server/open-calls.ts';
import { followUnusedConnections } from '../server/unused-connections.ts';
import { listen } from './listen.ts';
import type { ReadyConfig } from './read-config.ts';

/** Where clients come in. */
export interface Door {
  url: string;
  /** Resolves when calls from here on run against that config. */
  change(ready: ReadyConfig): Promise<void>;
  /** What the processes use that answer calls for this one. */
  others(): Promise<ProcessFigures[]>;
  /** Stops accepting, and lets running calls finish. */
  drain(graceMs: number): Drain;
}

/** What the server of a door is to be told. */
export interface DoorParts {
  server: ReturnType<typeof createHttpServer>;
  calls: OpenCalls;
  host: string;
  port: number;
}

/** The door of a proxy that answers calls in this process. */
export async function openDoor({ server, calls, host, port }: DoorParts): Promise<Door> {
  const unused = followUnusedConnections(server);
  return {
    url: await listen(server, host, port),
    change: async () => {},
    others: async () => [],
    drain: (graceMs) => drain(server, { calls, unused, graceMs }),
  };
}
