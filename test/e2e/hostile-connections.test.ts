import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { sendBytes } from '../support/send-bytes.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, WIRES } from '../support/wires.ts';

const [chat] = WIRES;
assert.ok(chat);

const BODY = JSON.stringify(chat.request('m', false));
const POST = 'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n';
const JSON_TYPE = 'content-type: application/json\r\n';
const SMUGGLED = `${POST}${JSON_TYPE}content-length: ${BODY.length}\r\n\r\n${BODY}`;

/** A call whose connection stays open for others. */
const keptCall = (body: string) =>
  `POST ${chat.path('m')} HTTP/1.1\r\nhost: localhost\r\n${JSON_TYPE}content-length: ${body.length}\r\n\r\n${body}`;

/** Requests whose end two servers could see in two places. */
const AMBIGUOUS: Record<string, string> = {
  'both lengths': `${POST}${JSON_TYPE}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'two content lengths': `${POST}${JSON_TYPE}content-length: 2\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
  'a list of lengths': `${POST}${JSON_TYPE}content-length: 2, 2\r\n\r\n{}${SMUGGLED}`,
  'an unknown encoding': `${POST}${JSON_TYPE}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
  'chunked, and something behind it': `${POST}${JSON_TYPE}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  'a space before the colon': `${POST}${JSON_TYPE}content-length : ${BODY.length}\r\n\r\n${BODY}`,
  'a folded header': `${POST}${JSON_TYPE}x: a\r\n content-length: 2\r\n transfer-encoding: chunked\r\ncontent-length: -1\r\n\r\n{}`,
  'a negative length': `${POST}${JSON_TYPE}content-length: -1\r\n\r\n${BODY}`,
  'a length in hex': `${POST}${JSON_TYPE}content-length: 0x10\r\n\r\n${BODY}`,
  'a chunk size that is none': `${POST}${JSON_TYPE}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
  'a null byte in a header': `${POST}${JSON_TYPE}x: a\0b\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
  'no HTTP at all': '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
  'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
};

describe('hostile connections', () => {
  for (const [what, bytes] of Object.entries(AMBIGUOUS)) {
    test(`SEC-6: ${what} is answered with 400, and nothing goes upstream`, async (t) => {
      const upstream = await fakeUpstream(t, plainAnswer(chat));
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const answer = await sendBytes(proxy.url, Buffer.from(bytes, 'latin1'));
      assert.match(answer, /^HTTP\/1\.1 400 /);
      assert.match(answer, /"code":"invalid_request"/);
      assert.equal(answer.match(/HTTP\/1\.1 \d/g)?.length, 1);
      assert.equal(upstream.seen.length, 0);
      assert.equal((await proxy.post(chat.path('m'), BODY)).status, 200);
    });
  }

  test('SEC-6: a flood of headers is answered with 431', async (t) => {
    const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
    for (const flood of ['x: y\r\n'.repeat(10_000), `x: ${'y'.repeat(64 * 1024)}\r\n`]) {
      const answer = await sendBytes(proxy.url, `${POST}${flood}\r\n`);
      assert.match(answer, /^HTTP\/1\.1 431 .*"code":"headers_too_large"/s);
    }
  });

  test('SEC-6: slow headers and slow bodies end with 408, slow honest streams do not', async (t) => {
    const patience = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 };
    const upstream = await fakeUpstream(t, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const [first = '', ...rest] = chat.events;
      response.write(first);
      // Longer than any patience with requests.
      setTimeout(() => response.end(rest.join('')), 1_500);
      return undefined;
    });
    const proxy = await startProxy(t, oneModelConfig(upstream.url), { patience });
    const honest = proxy.post(chat.path('m'), chat.request('m', true));

    const drip = async (head: string) => {
      const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
      const answer = text(socket);
      socket.write(head);
      const dripping = setInterval(() => socket.write('x'), 50);
      socket.on('close', () => clearInterval(dripping));
      socket.on('error', () => {});
      return answer.catch(() => 'reset');
    };
    const loris = Array.from({ length: 50 }, (_, index) =>
      drip(index % 2 === 0 ? `${POST}x-` : `${POST}${JSON_TYPE}content-length: 100000\r\n\r\n{"`),
    );
    for (const answer of await Promise.all(loris)) {
      assert.match(answer, /^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
    }
    assert.equal(await (await honest).text(), chat.events.join(''));
    // Its line says that the request never came.
    const lines = await proxy.ledger();
    assert.deepEqual([...new Set(lines.map((line) => line['error_code']))].sort(), [
      'client_closed',
      undefined,
    ]);
  });

  test('SEC-6: what is no request never gets into the midst of an earlier answer', async (t) => {
    const upstream = await fakeUpstream(t, (_request, response) => {
      if (upstream.seen.length > 1) return undefined;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chat.events.slice(0, -1).join(''));
      return undefined;
    });
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const stream = JSON.stringify(chat.request('m', true));
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    let seen = '';
    socket.on('error', () => {});
    socket.write(keptCall(stream) + keptCall(BODY));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('data', (bytes) => {
      if (seen === '') socket.write('no request at all\r\n\r\n');
      seen += bytes.toString();
    });
    await closed;
    assert.match(seen, /^HTTP\/1\.1 200 /);
    assert.equal(seen.match(/HTTP\/1\.1 \d/g)?.length, 1, seen);
  });

  test('SEC-6: many requests at once on one connection are no cause for a warning, nor kept when it closes', async (t) => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => warnings.push(name);
    process.on('warning', onWarning);
    t.after(() => process.off('warning', onWarning));
    const upstream = await fakeUpstream(t, () => undefined);
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    socket.write(keptCall(BODY).repeat(30));
    await eventually('all to arrive', () => upstream.seen.length === 30);
    socket.destroy();
    await eventually('all to end', async () => (await proxy.ledger()).length === 30);
    for (const line of await proxy.ledger()) assert.equal(line['error_code'], 'client_closed');
    assert.deepEqual(warnings, []);
  });

  test('API-7, SEC-6: a flood of WebSocket upgrades is answered with 426 each', async (t) => {
    const upstream = await fakeUpstream(t, plainAnswer(chat));
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const upgrade = [
      'GET /v1/responses HTTP/1.1',
      'host: localhost',
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      '\r\n',
    ].join('\r\n');
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => sendBytes(proxy.url, upgrade)),
      );
      for (const answer of answers) {
        assert.match(answer, /^HTTP\/1\.1 426 .*"code":"upgrade_required"/s);
      }
    }
    assert.equal((await proxy.post(chat.path('m'), BODY)).status, 200);
  });

  test('SEC-6: clients that connect and say nothing keep nobody out', async (t) => {
    const upstream = await fakeUpstream(t, plainAnswer(chat));
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const { port } = new URL(proxy.url);
    const silent = Array.from({ length: 200 }, () => connect(Number(port), '127.0.0.1'));
    t.after(() => silent.map((socket) => socket.destroy()));
    await pause(50);
    assert.equal((await proxy.post(chat.path('m'), BODY)).status, 200);
  });
});
