import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/send-raw.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, readError, WIRES, type Wire } from '../support/wires.ts';

const LIMIT = 64 * 1024;

async function start(t: TestContext, wire: Wire) {
  const upstream = await fakeUpstream(t, plainAnswer(wire));
  const server = { max_body: '64kb' };
  return { upstream, proxy: await startProxy(t, { ...oneModelConfig(upstream.url), server }) };
}

/** A body of that many bytes. */
function bodyOf(wire: Wire, bytes: number): string {
  const pad = (text: string) => JSON.stringify({ ...wire.request('m'), pad: text });
  return pad('x'.repeat(bytes - pad('').length));
}

/** Opens a request by hand, writes what it is given, and returns all that comes back. */
function exchange(url: string, ...parts: string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    let seen = '';
    socket.on('data', (chunk) => {
      seen += chunk;
    });
    // The proxy hangs up; whether gently is no matter here.
    socket.on('error', () => {});
    socket.on('close', () => resolve(seen));
  });
}

describe('a body over the `payload` policy of its API key', () => {
  for (const wire of WIRES) {
    test(`POL-3: ${wire.name} is refused by its length, and while it is read, before it has ended`, async (t) => {
      const upstream = await fakeUpstream(t, plainAnswer(wire));
      const key = {
        key: 'sk-client-0001',
        models: ['*'],
        policies: { payload: { max_size: 100 } },
      };
      const config = { ...oneModelConfig(upstream.url), api_keys: { k: key } };
      const proxy = await startProxy(t, config);
      const head =
        `POST ${wire.path('m')} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
        'authorization: Bearer sk-client-0001\r\n';
      for (const rest of [
        'content-length: 101\r\n\r\n',
        `transfer-encoding: chunked\r\n\r\n65\r\n${'x'.repeat(101)}\r\n`,
      ]) {
        const seen = await exchange(proxy.url, head, rest);
        assert.match(seen, /^HTTP\/1\.1 413 /);
        assert.match(seen, /\r\nconnection: close\r\n/i);
        const { code, message } = readError(wire, JSON.parse(seen.split('\r\n\r\n')[1] ?? ''));
        assert.equal(code, 'payload_too_large');
        assert.match(message, /100 bytes that API key `k` may send/);
      }
      assert.equal(upstream.seen.length, 0);
    });
  }
});

describe('a body over server.max_body', () => {
  for (const wire of WIRES) {
    test(`POL-3: ${wire.name} refuses it by its length before it is sent`, async (t) => {
      const { upstream, proxy } = await start(t, wire);
      const seen = await exchange(
        proxy.url,
        `POST ${wire.path('m')} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`,
        `content-length: ${LIMIT + 1}\r\n\r\n`,
      );
      assert.match(seen, /^HTTP\/1\.1 413 /);
      assert.match(seen, /\r\nconnection: close\r\n/i);
      const [, body = ''] = seen.split('\r\n\r\n');
      const { code, message } = readError(wire, JSON.parse(body));
      assert.equal(code, 'payload_too_large');
      assert.equal(message, `The body is larger than ${LIMIT} bytes (server.max_body).`);
      assert.equal(upstream.seen.length, 0);
      const [line] = await proxy.ledger();
      assert.deepEqual([line?.['http_status'], line?.['error_code']], [413, code]);
    });

    test(`POL-3: ${wire.name} refuses it while reading, where no length was told`, async (t) => {
      const { upstream, proxy } = await start(t, wire);
      const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
      const seen = await exchange(
        proxy.url,
        `POST ${wire.path('m')} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`,
        'transfer-encoding: chunked\r\n\r\n',
        // One byte over the limit, and the body has not ended yet.
        chunk.repeat(LIMIT / 0x4000),
        '1\r\nx\r\n',
      );
      assert.match(seen, /^HTTP\/1\.1 413 /);
      assert.equal(upstream.seen.length, 0);
    });
  }

  test('POL-3: a body of just the limit passes', async (t) => {
    const [wire] = WIRES;
    assert.ok(wire);
    const { upstream, proxy } = await start(t, wire);
    const headers = { 'content-type': 'application/json' };
    const body = bodyOf(wire, LIMIT);
    const url = proxy.url + wire.path('m');
    assert.equal((await sendRaw(url, { method: 'POST', headers, body })).status, 200);
    assert.equal((await proxy.post(wire.path('m'), `${body} `)).status, 413);
    assert.equal(upstream.seen.length, 1);
  });

  test('POL-3: a client that sends a large body without looking up reads the refusal all the same', async (t) => {
    const [wire] = WIRES;
    assert.ok(wire);
    const { proxy } = await start(t, wire);
    const headers = { 'content-type': 'application/json' };
    const body = 'x'.repeat(16 * 1024 * 1024);
    for (let round = 0; round < 3; round += 1) {
      const response = await fetch(proxy.url + wire.path('m'), { method: 'POST', headers, body });
      assert.equal(response.status, 413);
      assert.match(await response.text(), /payload_too_large/);
    }
  });
});
