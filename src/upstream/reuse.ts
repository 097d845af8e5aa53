import type { Socket } from 'node:net';
import type { Connection } from './kept-agent.ts';

/** A request that went out on a connection which had answered another one before. */
export interface Reuse {
  socket: Socket;
  bytesRead: number;
  sentMs: number;
}

/** How the other end's close shows, after a FIN or a RST, or while the request is written. */
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** A close that was in flight shows within this time; after it the upstream may have started work. */
const UNHEARD_MS = 1_000;

/** Notes a request that is about to be written; null on a new connection. */
export function noteReuse(connection: Connection | null, nowMs: number): Reuse | null {
  const socket = connection?.socket;
  if (!socket || socket.bytesRead === 0) return null;
  return { socket, bytesRead: socket.bytesRead, sentMs: nowMs };
}

/**
 * True if the request most likely never reached anybody: its upstream was closing the idle connection as
 * it was sent. https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 names this sign for a POST.
 */
export function isUnheard(reuse: Reuse | null, error: Error, nowMs: number): boolean {
  if (reuse === null || !('code' in error) || !CLOSED.has(String(error.code))) return false;
  return reuse.socket.bytesRead === reuse.bytesRead && nowMs - reuse.sentMs <= UNHEARD_MS;
}
