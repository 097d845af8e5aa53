import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import { createClientIpReader } from '../../src/server/client-ip.ts';

/** A request from that peer, with that X-Forwarded-For. */
function from(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe('createClientIpReader', () => {
  test('POL-2: without trusted proxies it is the socket that counts, whatever a header says', () => {
    const read = createClientIpReader([]);
    assert.equal(read(from('10.0.0.9', '1.2.3.4')), '10.0.0.9');
    assert.equal(read(from('::1', '1.2.3.4')), '::1');
    assert.equal(read(from(undefined)), '');
  });

  test('POL-2: a mapped IPv4 address reads like the address itself', () => {
    assert.equal(createClientIpReader([])(from('::ffff:10.0.0.9')), '10.0.0.9');
    const read = createClientIpReader(['10.0.0.0/8']);
    assert.equal(read(from('::ffff:10.0.0.9', '::FFFF:1.2.3.4')), '1.2.3.4');
  });

  test('POL-2: from a trusted proxy it is the last address that is no proxy of ours', () => {
    const read = createClientIpReader(['10.0.0.0/8', 'fd00::/8', '192.0.2.7']);
    for (const [peer, forwarded, client] of [
      ['10.0.0.1', '1.2.3.4', '1.2.3.4'],
      ['10.0.0.1', '6.6.6.6, 1.2.3.4', '1.2.3.4'],
      ['10.0.0.1', '6.6.6.6 ,1.2.3.4,10.1.1.1, 192.0.2.7', '1.2.3.4'],
      ['fd00::5', '2001:db8::1', '2001:db8::1'],
      ['192.0.2.7', '1.2.3.4', '1.2.3.4'],
      ['192.0.2.8', '1.2.3.4', '192.0.2.8'],
      ['10.0.0.1', '10.0.0.2', '10.0.0.1'],
      ['10.0.0.1', ' , ', '10.0.0.1'],
      ['10.0.0.1', '1.2.3.4:5678', '1.2.3.4'],
      ['10.0.0.1', '[2001:db8::1]:5678', '2001:db8::1'],
      ['10.0.0.1', 'unknown, <script>', '10.0.0.1'],
      ['10.0.0.1', undefined, '10.0.0.1'],
    ] as const) {
      assert.equal(read(from(peer, forwarded)), client, `${peer} forwards ${forwarded}`);
    }
  });
});
