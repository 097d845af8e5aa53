import { readFileSync } from 'node:fs';

/** True where the kernel tells what its sockets hold. */
export const KERNEL_TELLS = process.platform === 'linux';

/**
 * Bytes that lie in the kernel on IPv4 connections from or to one of the ports: sent and not yet
 * acknowledged, or received and not yet read. https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function bytesInKernel(ports: readonly number[]): number {
  const [, ...rows] = readFileSync('/proc/net/tcp', 'utf8').trimEnd().split('\n');
  let bytes = 0;
  for (const row of rows) {
    const [, local = '', remote = '', , queues = ''] = row.trim().split(/\s+/);
    if (![local, remote].some((address) => ports.includes(portOf(address)))) continue;
    for (const queue of queues.split(':')) bytes += Number.parseInt(queue, 16);
  }
  return bytes;
}

function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
}
