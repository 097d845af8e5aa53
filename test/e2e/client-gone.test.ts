import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

/** An upstream that writes the first events and then nothing, until somebody hangs up on it. */
async function start(t: TestContext, wire: Wire, events: readonly string[]) {
  let hungUp = false;
  const upstream = await fakeUpstream(t, (_request, response: ServerResponse) => {
    response.on('close', () => {
      hungUp = true;
    });
    if (events.length > 0) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of events) response.write(event);
    }
    return undefined;
  });
  const second = await fakeUpstream(t, {});
  const { providers, models } = oneModelConfig(upstream.url) as {
    providers: { up: object };
    models: { m: object };
  };
  const proxy = await startProxy(t, {
    providers: { ...providers, second: { ...providers.up, base_url: second.url } },
    models: {
      m: {
        ...models.m,
        provider: undefined,
        slug: undefined,
        endpoints: [{ provider: 'up' }, { provider: 'second' }],
      },
    },
  });
  const gone = new AbortController();
  const ask = (stream: boolean) =>
    fetch(proxy.url + wire.path('m', stream), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wire.request('m', stream)),
      signal: gone.signal,
    });
  return { upstream, second, proxy, gone, ask, isHungUp: () => hungUp };
}

type Started = Awaited<ReturnType<typeof start>>;

/** The upstream is hung up on, nobody else is asked, and the ledger has one line that bills something. */
async function assertSettled({ second, proxy, isHungUp }: Started, tokensOut = 0) {
  await eventually('the upstream to be hung up on', isHungUp);
  const line = await eventually('the line', async () => (await proxy.ledger())[0]);
  assert.equal(line['error_code'], 'client_closed');
  assert.equal(line['http_status'], 499);
  assert.equal(line['usage_source'], 'partial');
  assert.ok(Number(line['cost_nanos_usd']) > 0, 'BUD-6: what the upstream accepted is not free');
  assert.equal(line.tokens?.['out'], tokensOut);
  assert.equal(line.routing?.attempts?.length, 1);
  assert.equal(second.seen.length, 0);
}

describe('a client that goes away', () => {
  for (const wire of WIRES) {
    for (const stream of [false, true]) {
      const kind = stream ? 'stream' : 'answer';
      test(`FAI-5, X-72, X-73: leaving a ${wire.name} ${kind} before its first byte aborts the upstream`, async (t) => {
        const started = await start(t, wire, []);
        const asked = started.ask(stream);
        await eventually('the request upstream', () => started.upstream.seen.length > 0);
        started.gone.abort();
        await assert.rejects(asked);
        await assertSettled(started);
      });
    }

    test(`FAI-5, X-72, X-73: leaving a ${wire.name} stream in its middle aborts the upstream`, async (t) => {
      const events = wire.events.slice(0, wire.eventsToFirstWord);
      const started = await start(t, wire, events);
      const response = await started.ask(true);
      const reader = response.body?.getReader();
      await reader?.read();
      started.gone.abort();
      // All that passed is counted: five letters, or three, at four bytes a token.
      await assertSettled(started, wire.name === 'gemini' ? 1 : 2);
    });

    test(`FAI-5, X-72, X-73: leaving a ${wire.name} stream before its first word aborts the upstream`, async (t) => {
      const started = await start(t, wire, [': hello\n\n']);
      const asked = started.ask(true);
      await eventually('the request upstream', () => started.upstream.seen.length > 0);
      started.gone.abort();
      await assert.rejects(asked);
      await assertSettled(started);
    });
  }

  test('FAI-5: a client that leaves while it sends its body has asked nothing of an upstream', async (t) => {
    const [wire] = WIRES;
    assert.ok(wire);
    const { upstream, proxy } = await start(t, wire, []);
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    const head = 'host: localhost\r\ncontent-type: application/json\r\ncontent-length: 100';
    socket.write(`POST ${wire.path('m')} HTTP/1.1\r\n${head}\r\n\r\n{"model":"m",`);
    socket.end();
    const line = await eventually('the line', async () => (await proxy.ledger())[0]);
    assert.deepEqual([line['error_code'], line['cost_nanos_usd']], ['client_closed', 0]);
    assert.equal(upstream.seen.length, 0);
  });
});
