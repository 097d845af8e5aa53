import { readFileSync } from 'node:fs';

/** One line for each TCP socket of this machine's IPv4. */
const TABLE = '/proc/net/tcp';
const LISTENS = '0A';

/**
 * The bytes that the kernel keeps on all connections to that local port: sent and not acknowledged,
 * or received and not read.
 * https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt
 */
export function kernelBytes(port: number): number {
  const hexPort = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let bytes = 0;
  for (const line of readFileSync(TABLE, 'utf8').split('\n').slice(1)) {
    const [, local = '', remote = '', state, queues = ''] = line.trim().split(/\s+/);
    if (state === LISTENS) continue;
    if (!local.endsWith(hexPort) && !remote.endsWith(hexPort)) continue;
    const [sent = '0', received = '0'] = queues.split(':');
    bytes += Number.parseInt(sent, 16) + Number.parseInt(received, 16);
  }
  return bytes;
}
