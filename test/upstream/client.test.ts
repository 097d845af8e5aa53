import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createDeparture, depart } from '../../src/core/departure.ts';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { createUpstreamClient, type UpstreamRequest } from '../../src/upstream/client.ts';
import { collectBody } from '../../src/upstream/collect-body.ts';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';

function asked(url: string, change: Partial<UpstreamRequest> = {}): UpstreamRequest {
  const departure = createDeparture();
  return { url, headers: {}, body: Buffer.from('{}'), timeoutMs: 5_000, departure, ...change };
}

function open(t: { after(clean: () => Promise<void>): void }) {
  const client = createUpstreamClient();
  t.after(() => client.close());
  return client;
}

const codeIs = (code: string) => (error: unknown) => {
  assert.ok(error instanceof GatewayError);
  assert.equal(error.code, code);
  return true;
};

describe('createUpstreamClient', () => {
  test('SEC-6: informational answers do not keep a call alive beyond its timeout', async (t) => {
    const upstream = await fakeUpstream(t, (_request, response) => {
      const informing = setInterval(() => response.writeProcessing(), 20);
      const ending = setTimeout(() => response.end('{}'), 10_000);
      response.on('close', () => {
        clearInterval(informing);
        clearTimeout(ending);
      });
      return undefined;
    });
    const answer = open(t).send(asked(upstream.url, { timeoutMs: 200 }));
    await assert.rejects(answer, codeIs('upstream_timeout'));
  });

  test('FAI-3: an answer that is no HTTP is told as such', async (t) => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    await assert.rejects(open(t).send(asked(`http://127.0.0.1:${port}`)), {
      code: 'upstream_error',
      message: /failed: its answer is not valid HTTP \(H[A-Z_a-z]+\)\.$/,
    });
  });

  test('a body waits, with its socket, for a reader who comes late', async (t) => {
    const upstream = await fakeUpstream(t, { body: ['one ', 'two ', 'three'] });
    const client = open(t);
    const { status, headers, body } = await client.send(asked(upstream.url));
    for (let round = 0; round < 20; round += 1) await turn();
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal((await collectBody(body, 100)).toString(), 'one two three');
  });

  test('nothing comes while it is paused, and everything after', async (t) => {
    const upstream = await fakeUpstream(t, { body: ['one ', 'two ', 'three'] });
    const { body } = await open(t).send(asked(upstream.url));
    let text = '';
    let ended = false;
    body.read({
      onChunk(chunk) {
        text += chunk;
        body.pause();
      },
      onEnd() {
        ended = true;
      },
      onError: assert.fail,
    });
    await eventually('the first chunk', () => text !== '');
    const paused = text;
    for (let round = 0; round < 50; round += 1) await turn();
    assert.equal(text, paused);
    while (!ended) {
      body.resume();
      await turn();
    }
    assert.equal(text, 'one two three');
  });

  test('FAI-5: an abort ends a request that was not sent yet, one that waits, and a body', async (t) => {
    const upstream = await fakeUpstream(t, ({ url }, response) => {
      if (url === '/body') response.write('some');
      return undefined;
    });
    const client = open(t);
    const closed = new GatewayError('client_closed', 'The client closed the request.');
    const gone = createDeparture();
    depart(gone, closed);
    await assert.rejects(
      client.send(asked(upstream.url, { departure: gone })),
      codeIs('client_closed'),
    );
    assert.equal(upstream.seen.length, 0);

    const waiting = createDeparture();
    const answer = client.send(asked(upstream.url, { departure: waiting }));
    await eventually('the request', () => upstream.seen.length === 1);
    depart(waiting, closed);
    await assert.rejects(answer, codeIs('client_closed'));

    const reading = createDeparture();
    const { body } = await client.send(asked(`${upstream.url}/body`, { departure: reading }));
    const collected = collectBody(body, 100);
    depart(reading, closed);
    await assert.rejects(collected, codeIs('client_closed'));
  });

  test('a silent upstream, a cut one and a missing one are told apart', async (t) => {
    const upstream = await fakeUpstream(t, ({ url }) =>
      url === '/silent' ? undefined : { body: 'half', cut: true },
    );
    const client = open(t);
    const silent = asked(`${upstream.url}/silent`, { timeoutMs: 50 });
    await assert.rejects(client.send(silent), codeIs('upstream_timeout'));
    const { body } = await client.send(asked(upstream.url));
    await assert.rejects(collectBody(body, 100), codeIs('upstream_error'));
    await assert.rejects(client.send(asked('http://127.0.0.1:1')), (error: Error) => {
      assert.match(error.message, /nothing listens there \(ECONNREFUSED\)/);
      return true;
    });
    await assert.rejects(
      client.send(asked('http://no-such-host.invalid')),
      codeIs('upstream_error'),
    );
  });

  test('chunks of one read come as one, in time, and also before a fault behind them', async (t) => {
    const frame = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    const events = ['one ', 'two ', 'three '];
    const upstream = await fakeUpstream(t, (_request, response) => {
      const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
      response.socket?.write(head);
      setImmediate(() => response.socket?.write(`${events.map(frame).join('')}no frame`));
      return undefined;
    });
    const { body } = await open(t).send(asked(upstream.url));
    const chunks: string[] = [];
    const fault = await new Promise((onError) => {
      const onChunk = (chunk: Buffer) => chunks.push(chunk.toString());
      body.read({ onChunk, onEnd: assert.fail, onError });
    });
    assert.deepEqual(chunks, [events.join('')]);
    assert.ok(codeIs('upstream_error')(fault));
  });

  test('a body in parts arrives whole, with its length', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const parts = [Buffer.from('{"a":'), Buffer.alloc(200_000, '1'), Buffer.from('}')];
    const { status, body } = await open(t).send(asked(upstream.url, { body: parts }));
    await collectBody(body, 1_000);
    assert.equal(status, 200);
    const [seen] = upstream.seen;
    assert.equal(seen?.headers['content-length'], '200006');
    assert.ok(seen?.body.equals(Buffer.concat(parts)));
  });

  test('SEC-6: a body that grows over its limit is cut off', async (t) => {
    const upstream = await fakeUpstream(t, { body: ['12345', '67890'] });
    const { body } = await open(t).send(asked(upstream.url));
    await assert.rejects(collectBody(body, 8), codeIs('upstream_invalid_response'));
  });
});
