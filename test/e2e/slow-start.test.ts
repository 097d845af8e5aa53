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
