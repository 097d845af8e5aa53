import type { Framing } from '../dialects/stream-events.ts';
import type { Exchange } from './exchange.ts';

/** Start-up events are held this far at most while the first content is awaited. */
const MAX_HELD_BYTES = 256 * 1024;

/**
 * The way of one endpoint's events to the client: holds what comes before the first content, and stops
 * the upstream when the client reads too slowly.
 */
export interface Outlet {
  /** From here on what is written flows; until then another endpoint may still answer. */
  commit(): void;
  isCommitted(): boolean;
  write(parts: readonly Buffer[]): void;
  /** Keeps what may be the last bytes until the next write or end. */
  holdLast(parts: readonly Buffer[]): void;
  end(): void;
}

/** The outlet of one exchange. */
export function createOutlet(exchange: Exchange, framing: Framing): Outlet {
  const { headers, response, stream, watch } = exchange;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let committed = false;
  let draining = false;
  stream.announce({ status: response.status, headers, framing });

  const send = (bytes: Buffer) => {
    if (bytes.length === 0 || stream.write(bytes) || draining) return;
    draining = true;
    watch.holdUp();
    response.body.pause();
    stream.onDrain(() => {
      draining = false;
      response.body.resume();
    });
  };
  const hold = (parts: readonly Buffer[]) => {
    for (const part of parts) heldBytes += part.length;
    held.push(...parts);
  };
  const outlet: Outlet = {
    commit() {
      committed = true;
      stream.open();
    },
    isCommitted: () => committed,
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
      stream.end();
    },
  };
  return outlet;
}
