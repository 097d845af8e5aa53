import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createDeparture, depart } from '../../src/core/departure.ts';
import { freeBytes } from '../../src/core/free-bytes.ts';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { createUpstreamClient } from '../../src/upstream/client.ts';
import { collectBody } from '../../src/upstream/collect-body.ts';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** More than the system takes for a reader who does not read. */
const ENDLESS = 32 * 1024 * 1024;
const LONG = 100_000;
/** Too long for a copy. */
const VERY_LONG = 500_000;

/** An upstream whose nth connection does the nth thing with its socket, and a client to send with. */
async function meet(t: TestContext, ...reactions: ((socket: Socket) => void)[]) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    reactions.shift()?.(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createUpstreamClient();
  t.after(async () => {
    await client.close();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    client,
    async send(body: Buffer | Buffer[], departure = createDeparture()) {
      const sent = await client.send({ url, headers: {}, body, timeoutMs: 5_000, departure });
      await collectBody(sent.body, 100);
      for (let round = 0; round < 5; round += 1) await turn();
    },
  };
}

/** Reads so many bytes of the body, then answers. */
function answerAfter(bytes: number) {
  return (socket: Socket) => {
    let read = 0;
    socket.on('data', (chunk) => {
      read += chunk.length;
      if (read < bytes) return;
      read = Number.NEGATIVE_INFINITY;
      socket.write(ANSWER);
    });
  };
}

const neverRead = (socket: Socket) => void socket.pause().write(ANSWER);

describe('the bytes of a request', () => {
  test('are held while it is sent, and free once it has been answered', async (t) => {
    const { client, send } = await meet(t, answerAfter(VERY_LONG));
    const body = Buffer.allocUnsafeSlow(VERY_LONG).fill('x');
    assert.equal(client.holds(body), false);
    const half = VERY_LONG / 2;
    const sent = send([body.subarray(0, half), Buffer.from('!'), body.subarray(half)]);
    assert.equal(client.holds(body), true);
    await sent;
    assert.equal(client.holds(body), false);
  });

  test('are not needed once parts of them were joined for a request, which has all of them', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const client = createUpstreamClient();
    t.after(() => client.close());
    for (const letter of ['a', 'b', 'c']) {
      const body = Buffer.allocUnsafeSlow(LONG).fill(letter);
      const expected = `{${body}`;
      const sent = client.send({
        url: upstream.url,
        headers: {},
        body: [Buffer.from('{'), body],
        timeoutMs: 5_000,
        departure: createDeparture(),
      });
      assert.equal(client.holds(body), false);
      freeBytes(body);
      await collectBody((await sent).body, 100);
      assert.equal(upstream.seen.at(-1)?.body.toString(), expected);
    }
  });

  test('are held after an answer that came before all of them were written', async (t) => {
    const { client, send } = await meet(t, neverRead);
    const body = Buffer.allocUnsafeSlow(ENDLESS).fill('x');
    await send(body);
    assert.equal(client.holds(body), true);
  });

  test('are held for good once a request with them has failed, though another one is answered', async (t) => {
    const cut = (socket: Socket) => void socket.destroy();
    const { client, send } = await meet(t, cut, answerAfter(LONG));
    const body = Buffer.allocUnsafeSlow(LONG).fill('x');
    await assert.rejects(send(body));
    assert.equal(client.holds(body), true);
    await send(body);
    assert.equal(client.holds(body), true);
  });

  test('are held after their client has gone', async (t) => {
    let arrived = false;
    const { client, send } = await meet(t, (socket) => {
      socket.on('data', () => {
        arrived = true;
      });
    });
    const body = Buffer.allocUnsafeSlow(LONG).fill('x');
    const departure = createDeparture();
    const sent = assert.rejects(send(body, departure));
    await eventually('the request', () => arrived);
    depart(departure, new GatewayError('client_closed', 'The client closed the request.'));
    await sent;
    assert.equal(client.holds(body), true);
  });

  test('are not looked after where their memory is short', async (t) => {
    const { client, send } = await meet(t, answerAfter(2));
    const body = Buffer.allocUnsafeSlow(2).fill('x');
    const sent = send(body);
    assert.equal(client.holds(body), false);
    await sent;
  });
});
