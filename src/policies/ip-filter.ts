import { BlockList, isIP } from 'node:net';
import * as z from 'zod';
import { GatewayError } from '../core/gateway-error.ts';
import { createMemo } from '../core/memo.ts';
import { definePolicy } from './policy.ts';
import { describeScope, settingPath } from './scope.ts';

/** An IP address, or a range in CIDR notation. */
export const ipRange = z.string().refine(isIpRange, {
  error: 'expected an IP address or a range such as 10.0.0.0/8',
});

/** POL-2: where calls may come from. `block` beats `allow`; an `allow` that lists something must match. */
export const ipFilter = definePolicy({
  key: 'ip',
  place: 'policies',
  about: 'Where calls may come from.',
  shape: () => ({
    allow: z.array(ipRange).optional().describe('Only these clients may call.'),
    block: z.array(ipRange).optional().describe('These clients may not; beats allow.'),
  }),
  compile({ allow = [], block = [] }, { scope }) {
    if (allow.length + block.length === 0) return [];
    const isAllowed = createMatcher(allow);
    const isBlocked = createMatcher(block);
    const verdict = createMemo((ip) => {
      // An unparsable address cannot be on the allow list and might be on the block list: refuse it.
      if (isIP(ip) === 0 || isBlocked(ip)) return false;
      return allow.length === 0 || isAllowed(ip);
    }, KNOWN_ADDRESSES);
    const refusal = (ip: string) =>
      new GatewayError(
        'ip_not_allowed',
        `The address ${ip} may not call here: ${describeScope(scope)} is limited by \`${settingPath(scope, 'policies.ip')}\`.`,
        { limit: { scope: scope.kind, metric: 'ip', max: null } },
      );
    return [
      {
        kind: 'check',
        stage: 'arrival',
        judge: ({ clientIp }) => (verdict(clientIp) ? null : refusal(clientIp)),
      },
    ];
  },
});

/** Looking an address up costs microseconds, and most calls come from few of them. */
const KNOWN_ADDRESSES = 2_048;

function createMatcher(ranges: readonly string[]): (ip: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return (ip) => list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}

function isIpRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (prefix === undefined) return bits > 0;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}
