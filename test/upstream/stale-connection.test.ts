import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createDeparture, depart } from '../../src/core/departure.ts';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { createUpstreamClient } from '../../src/upstream/client.ts';
import { collectBody } from '../../src/upstream/collect-body.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

const BODY = '{"a":1}';

type React = (socket: Socket) => void;

const answer: React = (socket) => void socket.write(ANSWER);
const close: React = (socket) => void socket.end();
const reset: React = (socket) => void socket.resetAndDestroy();

/** An upstream that reacts to its first request, second request … in turn, and a client that calls it. */
async function meet(t: TestContext, ...reactions: React[]) {
  const arrivals: { connection: number; text: string }[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk;
      if (!text.endsWith(BODY)) return;
      arrivals.push({ connection, text });
      text = '';
      reactions[arrivals.length - 1]?.(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let nowMs = 0;
  const client = createUpstreamClient({ monotonicMs: () => nowMs });
  t.after(async () => {
    await client.close();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const departure = createDeparture();
  return {
    arrivals,
    departure,
    pass: (ms: number) => {
      nowMs += ms;
    },
    async call() {
      const body = [Buffer.from(BODY.slice(0, 3)), Buffer.from(BODY.slice(3))];
      const sent = await client.send({ url, headers: {}, body, timeoutMs: 5_000, departure });
      const text = await collectBody(sent.body, 100);
      // A connection is free for the next request in a later turn than its answer ends in.
      for (let round = 0; round < 5; round += 1) await turn();
      return `${sent.status} ${text}`;
    },
    connections: () => arrivals.map(({ connection }) => connection),
  };
}

const isClosed = (error: unknown) =>
  error instanceof GatewayError && /closed the connection/.test(error.message);

describe('a request on a kept connection that its upstream closes at that moment', () => {
  for (const [how, react] of Object.entries({ close, reset })) {
    test(`FAI-1: after a ${how} it is sent once more, the same, on a new connection`, async (t) => {
      const meeting = await meet(t, answer, react, answer);
      assert.equal(await meeting.call(), '200 ok');
      assert.equal(await meeting.call(), '200 ok');
      assert.deepEqual(meeting.connections(), [1, 1, 2]);
      const [first, , resent] = meeting.arrivals.map(({ text }) => text.split('\r\n\r\n')[1]);
      assert.equal(first, BODY);
      assert.equal(resent, BODY);
    });
  }

  test('it is not sent a third time', async (t) => {
    const meeting = await meet(t, answer, close, close, answer);
    await meeting.call();
    await assert.rejects(meeting.call(), isClosed);
    assert.deepEqual(meeting.connections(), [1, 1, 2]);
  });

  test('it is not sent again if a part of an answer has come', async (t) => {
    const meeting = await meet(t, answer, (socket) => void socket.end('HTTP/1.1 20'), answer);
    await meeting.call();
    await assert.rejects(meeting.call());
    assert.deepEqual(meeting.connections(), [1, 1]);
  });

  test('it is not sent again if the upstream had it long enough to work on it', async (t) => {
    const meeting = await meet(t, answer, (socket) => {
      meeting.pass(1_001);
      socket.end();
    });
    await meeting.call();
    await assert.rejects(meeting.call(), isClosed);
    assert.deepEqual(meeting.connections(), [1, 1]);
  });

  test('it is not sent again for a client that has gone', async (t) => {
    const meeting = await meet(t, answer, (socket) => {
      depart(meeting.departure, new GatewayError('client_closed', 'The client closed it.'));
      socket.end();
    });
    await meeting.call();
    await assert.rejects(meeting.call(), { code: 'client_closed' });
    assert.deepEqual(meeting.connections(), [1, 1]);
  });

  test('a new connection that closes is a failure at once', async (t) => {
    const meeting = await meet(t, close, answer);
    await assert.rejects(meeting.call(), isClosed);
    assert.deepEqual(meeting.connections(), [1]);
  });
});
