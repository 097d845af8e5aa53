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
    for (const part of parts) {
      held.push(part);
      heldBytes += part.length;
    }
  };
  const flush = () => {
    const [first] = held;
    if (first === undefined) return;
    const bytes = held.length === 1 ? first : Buffer.concat(held, heldBytes);
    held = [];
    heldBytes = 0;
    send(bytes);
  };
  const outlet: Outlet = {
    commit() {
      if (committed) return;
      committed = true;
      stream.open();
    },
    isCommitted: () => committed,
    write(parts) {
      hold(parts);
      if (heldBytes > MAX_HELD_BYTES) outlet.commit();
      if (committed) flush();
    },
    holdLast(parts) {
      if (committed) flush();
      hold(parts);
    },
    end() {
      outlet.commit();
      flush();
      stream.end();
    },
  };
  return outlet;
}
