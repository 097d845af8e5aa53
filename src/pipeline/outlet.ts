import type { Exchange } from './exchange.ts';

/** Start-up events are held this far at most while the first content is awaited. */
const MAX_HELD_BYTES = 256 * 1024;

/** Proxies in front of us must neither buffer nor cache events. */
const STREAM_HEADERS = { 'cache-control': 'no-cache', 'x-accel-buffering': 'no' };

/** How long the first content is awaited before the client gets the stream's head all the same. */
const COMMIT_AFTER_MS = 10_000;

/**
 * The way of a stream to its client: holds what comes before the commit, and stops the upstream when
 * the client reads too slowly.
 */
export interface Outlet {
  /** Sends the head; from here on what is written flows. */
  commit(): void;
  readonly committed: boolean;
  /** Keeps bytes until the next write or end. */
  hold(parts: readonly Buffer[]): void;
  write(parts: readonly Buffer[]): void;
  end(): void;
  /** Gives up before the commit: somebody else answers. */
  discard(): void;
}

/** The outlet of one exchange. */
export function createOutlet({ call: { reply }, headers, response }: Exchange): Outlet {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let draining = false;

  const send = (bytes: Buffer) => {
    if (bytes.length === 0 || reply.write(bytes) || draining) return;
    draining = true;
    response.body.pause();
    reply.onDrain(() => {
      draining = false;
      response.body.resume();
    });
  };
  const outlet: Outlet = {
    commit() {
      clearTimeout(commitTimer);
      if (!reply.started) reply.start(response.status, { ...headers, ...STREAM_HEADERS });
    },
    get committed() {
      return reply.started;
    },
    hold(parts) {
      for (const part of parts) heldBytes += part.length;
      held.push(...parts);
    },
    write(parts) {
      outlet.hold(parts);
      if (heldBytes > MAX_HELD_BYTES) outlet.commit();
      if (!reply.started) return;
      // What arrived together is written together: it nearly halves the cost of a burst.
      send(held.length === 1 && held[0] ? held[0] : Buffer.concat(held));
      held = [];
      heldBytes = 0;
    },
    end() {
      outlet.commit();
      outlet.write([]);
      reply.end();
    },
    discard: () => clearTimeout(commitTimer),
  };
  const commitTimer = setTimeout(outlet.commit, COMMIT_AFTER_MS);
  return outlet;
}
