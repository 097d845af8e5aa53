import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

const SSE = { 'content-type': 'text/event-stream' };

/** What keeps a stream alive before its first event, and behind it. */
const BEFORE = ': keepalive\n\n';
const BEHIND: Record<Wire['name'], string> = {
  chat: BEFORE,
  responses: BEFORE,
  messages: 'event: ping\ndata: {"type":"ping"}\n\n',
  gemini: BEFORE,
};

/** Two endpoints of which the first answers only as the test says. */
async function start(t: TestContext, wire: Wire) {
  const slow: ServerResponse[] = [];
  const first = await fakeUpstream(t, (_request, response) => {
    slow.push(response.writeHead(200, SSE));
    response.flushHeaders();
    return undefined;
  });
  const second = await fakeUpstream(t, { headers: SSE, body: wire.events });
  const { up } = oneModelConfig(first.url)['providers'] as { up: object };
  const endpoints = [{ provider: 'up' }, { provider: 'second' }];
  const proxy = await startProxy(t, {
    providers: { up, second: { ...up, base_url: second.url } },
    models: { m: { endpoints, pricing: 'none' }, single: { provider: 'up', pricing: 'none' } },
    routing: { commit_after: '30ms', heartbeat: '30ms' },
  });
  const ask = (model: string) => proxy.post(wire.path(model, true), wire.request(model, true));
  const upstream = () => eventually('the call upstream', () => slow.at(-1));
  return { proxy, ask, upstream };
}

/** Reads a body piece by piece, and remembers it all. */
function readPieces(response: Response) {
  const reader = response.body?.getReader();
  const pieces = { text: '', done: false };
  const readAll = (async () => {
    for (;;) {
      const piece = await reader?.read();
      if (piece === undefined || piece.done) break;
      pieces.text += Buffer.from(piece.value).toString();
    }
    pieces.done = true;
  })();
  return { pieces, readAll };
}

/** Gemini's own stream as one array, which both sides speak. */
async function startArray(t: TestContext) {
  const wire = WIRES.find(({ name }) => name === 'gemini')!;
  const elements = wire.events.map((event) => event.replace(/^data: /, '').trimEnd());
  const parts = elements.map((element, index) => `${index === 0 ? '[' : ',\r\n'}${element}`);
  const headers = { 'content-type': 'application/json' };
  const slow: ServerResponse[] = [];
  const first = await fakeUpstream(t, (_request, response) => {
    slow.push(response.writeHead(200, headers));
    response.flushHeaders();
    return undefined;
  });
  const second = await fakeUpstream(t, { headers, body: [...parts, ']'] });
  const { up } = oneModelConfig(first.url)['providers'] as { up: object };
  const proxy = await startProxy(t, {
    providers: { up, second: { ...up, base_url: second.url } },
    models: {
      m: { endpoints: [{ provider: 'up' }, { provider: 'second' }], pricing: 'none' },
      single: { provider: 'up', pricing: 'none' },
    },
    routing: { commit_after: '30ms', heartbeat: '30ms' },
  });
  const ask = async (model: string) => {
    const path = wire.path(model, true).replace('?alt=sse', '');
    return readPieces(await proxy.post(path, wire.request(model, true)));
  };
  const upstream = () => eventually('the call upstream', () => slow.at(-1));
  return { proxy, ask, upstream, elements, parts };
}

describe('a Gemini stream in one array whose upstream is slow', () => {
  test('FAI-7: white space keeps it alive before, between and behind its elements', async (t) => {
    const { ask, upstream, elements, parts } = await startArray(t);
    const { pieces, readAll } = await ask('m');
    await eventually('two heartbeats', () => pieces.text === '\n\n');
    const slow = await upstream();
    for (const part of parts) {
      // Half an element is held back until the rest is here, so that nothing falls into it.
      slow.write(part.slice(0, 20));
      await eventually('a heartbeat', () => pieces.text.endsWith('\n\n'));
      slow.write(part.slice(20));
      await eventually('the element', () => pieces.text.trimEnd().endsWith(part.slice(-20)));
      await eventually('a heartbeat behind it', () => pieces.text.endsWith('\n'));
    }
    slow.end(']');
    await readAll;
    assert.deepEqual(
      JSON.parse(pieces.text),
      elements.map((element) => JSON.parse(element)),
    );
    // Without the signs of life it is the upstream's stream, byte for byte.
    assert.equal(pieces.text.replace(/(?<!\r)\n/g, ''), `${parts.join('')}]`);
  });

  test('FAI-2: one that was opened can still come from another endpoint', async (t) => {
    const { proxy, ask, upstream, parts } = await startArray(t);
    const { pieces, readAll } = await ask('m');
    (await upstream()).destroy();
    await readAll;
    assert.equal(pieces.text.trimStart(), `${parts.join('')}]`);
    const [line] = await proxy.ledger();
    assert.deepEqual([line?.['provider'], line?.['error_code']], ['second', undefined]);
  });

  test('FAI-6: one that was opened and then fails is an array with the error as its element', async (t) => {
    const { ask, upstream } = await startArray(t);
    const { pieces, readAll } = await ask('single');
    await eventually('a heartbeat', () => pieces.text.includes('\n'));
    (await upstream()).destroy();
    await readAll;
    const [element, ...others] = JSON.parse(pieces.text);
    assert.match(element.error.message, /closed the connection/);
    assert.equal(others.length, 0);
  });
});

describe('a stream whose upstream is slow', () => {
  for (const wire of WIRES) {
    test(`FAI-7: a ${wire.name} client gets its head after commit_after, and then signs of life`, async (t) => {
      const { ask, upstream } = await start(t, wire);
      const response = await ask('m');
      assert.equal(response.status, 200);
      const { pieces, readAll } = readPieces(response);
      await eventually('two heartbeats', () => pieces.text.startsWith(BEFORE + BEFORE));
      const slow = await upstream();
      const opening = wire.events.slice(0, wire.eventsToFirstWord).join('');
      slow.write(opening);
      await eventually('a heartbeat behind the first word', () =>
        pieces.text.endsWith(`${opening}${BEHIND[wire.name]}`),
      );
      slow.end(wire.events.slice(wire.eventsToFirstWord).join(''));
      await readAll;
      // Without the signs of life it is the upstream's stream, byte for byte.
      const content = pieces.text.replaceAll(BEFORE, '').replaceAll(BEHIND[wire.name], '');
      assert.equal(content, wire.events.join(''));
    });

    test(`FAI-2: a ${wire.name} stream that was opened can still come from another endpoint`, async (t) => {
      const { proxy, ask, upstream } = await start(t, wire);
      const response = await ask('m');
      (await upstream()).destroy();
      const text = await response.text();
      assert.equal(text.replaceAll(BEFORE, ''), wire.events.join(''));
      const [line] = await proxy.ledger();
      assert.deepEqual([line?.['provider'], line?.['error_code']], ['second', undefined]);
      assert.equal(line?.routing?.attempts?.length, 2);
    });

    test(`FAI-6: a ${wire.name} stream that was opened and then fails ends in an error event`, async (t) => {
      const { proxy, ask, upstream } = await start(t, wire);
      const response = await ask('single');
      (await upstream()).destroy();
      const text = (await response.text()).replaceAll(BEFORE, '');
      assert.match(text, /^(event: error\n)?data: \{.*closed the connection.*\}\r?\n\r?\n$/);
      assert.ok(!text.includes(wire.end));
      const [line] = await proxy.ledger();
      assert.deepEqual([line?.['http_status'], line?.['error_code']], [200, 'upstream_error']);
    });
  }
});
