import { once } from 'node:events';
import { type AddressInfo, isIPv6, type Server } from 'node:net';
import { StartError } from './start-error.ts';

/**
 * Connections that the kernel keeps until they are accepted. Node's own 511 make the rest of a burst try again a second
 * later. The system may allow fewer (`net.core.somaxconn`).
 */
const BACKLOG = 4096;

/** Binds the server and returns its URL; throws a StartError that says what is in the way. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  server.listen({ port, host, backlog: BACKLOG });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StartError([explainBindError(error, host, port)]);
  }
  const bound = (server.address() as AddressInfo).port;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`;
}

function explainBindError(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken on ${host}. Is Signalbox running already? Choose another with --port.`;
    case 'EACCES':
      return `Port ${port} needs rights that this user lacks. Choose one above 1023 with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine; correct server.host or --host.`;
    default:
      return `Cannot listen on ${host}:${port}: ${code}.`;
  }
}
