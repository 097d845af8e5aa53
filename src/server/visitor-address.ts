import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from './browser-guard.ts';
import { normaliseIp } from './client-ip.ts';

/** By which a worker tells its owner where the visitor of a page came from. */
export const VISITOR_HEADER = 'x-signalbox-visitor';

/** True for requests from this machine, also those that a worker hands on. */
export function isLocalVisitor({ headers, socket }: IncomingMessage): boolean {
  // A worker's connection has no address; on one that has, the header says nothing.
  const address = socket.remoteAddress ?? headers[VISITOR_HEADER];
  return isLoopbackHost(normaliseIp(String(address ?? '')));
}
