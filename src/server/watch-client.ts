import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Departure, depart } from '../core/departure.ts';
import { GatewayError } from '../core/gateway-error.ts';

/** Those who wait on each connection behind another answer. */
const waiting = new WeakMap<Socket, Set<() => void>>();

/** Signals the departure when the client closes before the answer ends. */
export function watchClient(
  request: IncomingMessage,
  response: ServerResponse,
  departure: Departure,
): void {
  const leave = () => {
    if (response.writableFinished) return;
    depart(departure, new GatewayError('client_closed', 'The client closed the request.'));
  };
  response.on('close', leave);
  if (response.socket !== null) return;
  // An answer that waits behind another one on its connection never hears of the connection's end.
  const leaves = waiting.get(request.socket) ?? watchSocket(request.socket);
  leaves.add(leave);
  response.on('close', () => leaves.delete(leave));
}

/** One listener for all, as a connection may bring any number of requests at once. */
function watchSocket(socket: Socket): Set<() => void> {
  const leaves = new Set<() => void>();
  waiting.set(socket, leaves);
  socket.on('close', () => {
    for (const leave of leaves) leave();
  });
  return leaves;
}
