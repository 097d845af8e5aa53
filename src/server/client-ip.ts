import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { createMemo } from '../core/memo.ts';

/** Most requests come from few peers. */
const PEERS = 1_000;

/** Finds the address that a request came from. */
export type ClientIpReader = (request: IncomingMessage) => string;

/** A reader that believes X-Forwarded-For only from the listed networks (POL-2). */
export function createClientIpReader(trustedCidrs: readonly string[]): ClientIpReader {
  const trusted = new BlockList();
  for (const cidr of trustedCidrs) addNetwork(trusted, cidr);
  const isTrusted = (ip: string) =>
    isIP(ip) !== 0 && trusted.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');

  const peers = createMemo(normaliseIp, PEERS);

  return (request) => {
    const peer = peers(request.socket.remoteAddress ?? '');
    if (trustedCidrs.length === 0 || !isTrusted(peer)) return peer;
    const header = request.headers['x-forwarded-for'];
    const hops = [header ?? []]
      .flat()
      .join(',')
      .split(',')
      .map((hop) => normaliseIp(hop.trim()));
    // Each proxy appends the address it saw: the last one that is no proxy of ours is the client.
    const client = hops.findLast((hop) => hop !== '' && !isTrusted(hop));
    // A hop that is no IP address proves nothing, so the peer counts.
    return client !== undefined && isIP(client) !== 0 ? client : peer;
  };
}

function addNetwork(list: BlockList, cidr: string): void {
  const [address = '', bits] = cidr.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const prefix = bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits);
  list.addSubnet(address, prefix, family);
}

/** The bare address: one of IPv4 that came over an IPv6 socket reads `::ffff:1.2.3.4`; some proxies add a port. */
export function normaliseIp(ip: string): string {
  return ip
    .replace(/^\[([^\]]*)\](?::\d+)?$|^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1$2')
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
