import { encodeHeartbeat } from '../dialects/heartbeat.ts';
import type { Framing } from '../dialects/stream-events.ts';
import type { Exchange } from './exchange.ts';

/** Start-up events are held this far at most while the first content is awaited. */
const MAX_HELD_BYTES = 256 * 1024;

/** Proxies in front of us must neither buffer nor cache events. */
const STREAM_HEADERS = { 'cache-control': 'no-cache', 'x-accel-buffering': 'no' };

/**
 * The way of a stream to its client: holds what comes before the first content, stops the upstream
 * when the client reads too slowly, and sends a sign of life when there is nothing else to send.
 */
export interface Outlet {
  /** From here on what is written flows; until then another endpoint may still answer. */
  commit(): void;
  readonly committed: boolean;
  write(parts: readonly Buffer[]): void;
  /** Keeps what may be the last bytes until the next write or end. */
  holdLast(parts: readonly Buffer[]): void;
  end(): void;
  /** Gives up before the commit: somebody else answers. */
  discard(): void;
}

/** The outlet of one exchange. */
export function createOutlet(exchange: Exchange, framing: Framing): Outlet {
  const { call, format, headers, response, runtime } = exchange;
  const { reply } = call;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let committed = false;
  let draining = false;

  /** After a while without content the client gets the head, so that it does not give up. */
  const open = () => {
    clearTimeout(openTimer);
    if (!reply.started) reply.start(response.status, { ...headers, ...STREAM_HEADERS });
    heartbeat.refresh();
  };
  const beat = () => {
    heartbeat.refresh();
    // Before the first event some clients know no ping, but all skip a comment.
    if (reply.started && !draining)
      reply.write(encodeHeartbeat(committed ? format.id : null, framing));
  };
  const openTimer = setTimeout(open, runtime.rules.commit_after);
  const heartbeat = setTimeout(beat, runtime.rules.heartbeat);

  const send = (bytes: Buffer) => {
    heartbeat.refresh();
    if (bytes.length === 0 || reply.write(bytes) || draining) return;
    draining = true;
    response.body.pause();
    reply.onDrain(() => {
      draining = false;
      response.body.resume();
    });
  };
  const hold = (parts: readonly Buffer[]) => {
    for (const part of parts) heldBytes += part.length;
    held.push(...parts);
  };
  const stopTimers = () => {
    clearTimeout(openTimer);
    clearTimeout(heartbeat);
  };
  const outlet: Outlet = {
    commit() {
      if (committed) return;
      open();
      committed = true;
    },
    get committed() {
      return committed;
    },
    write(parts) {
      hold(parts);
      if (heldBytes > MAX_HELD_BYTES) outlet.commit();
      if (!committed) return;
      // What arrived together is written together: it nearly halves the cost of a burst.
      send(held.length === 1 && held[0] ? held[0] : Buffer.concat(held));
      held = [];
      heldBytes = 0;
    },
    holdLast(parts) {
      outlet.write([]);
      hold(parts);
    },
    end() {
      outlet.commit();
      outlet.write([]);
      stopTimers();
      reply.end();
    },
    discard: stopTimers,
  };
  return outlet;
}
