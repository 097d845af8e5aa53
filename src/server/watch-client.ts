import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Departure, depart } from '../core/departure.ts';
import { GatewayError } from '../core/gateway-error.ts';

/** Has the departure told when the client of an answer goes away before its end. */
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
  const { socket } = request;
  socket.on('close', leave);
  response.on('close', () => socket.off('close', leave));
}
