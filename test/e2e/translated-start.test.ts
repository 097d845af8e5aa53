import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

const [chat, responses, messages, gemini] = WIRES as readonly [Wire, Wire, Wire, Wire];

/** Gemini's stream without `alt=sse`: one array. */
const geminiArray: Wire = {
  ...gemini,
  path: (model, stream = false) => gemini.path(model, stream).replace('?alt=sse', ''),
};

const PAIRS: [name: string, client: Wire, upstream: Wire, dialect: string][] = [
  ['chat', chat, messages, 'anthropic-messages'],
  ['responses', responses, chat, 'openai-chat'],
  ['messages', messages, chat, 'openai-chat'],
  ['gemini', gemini, messages, 'anthropic-messages'],
  ['gemini array', geminiArray, chat, 'openai-chat'],
];

const COMMENT = ': keepalive\n\n';
const PING = 'event: ping\ndata: {"type":"ping"}\n\n';

/** What keeps a client waiting before its first event, and behind it. */
const BEATS: Record<string, [before: string, behind: string]> = {
  chat: [COMMENT, COMMENT],
  responses: [COMMENT, COMMENT],
  messages: [COMMENT, PING],
  gemini: [COMMENT, COMMENT],
  'gemini array': ['\n', '\n'],
};

const SSE = { 'content-type': 'text/event-stream' };

/** Two endpoints that speak another dialect than their client; the first does as the test says. */
async function start(
  t: TestContext,
  [, client, upstream, dialect]: (typeof PAIRS)[number],
  routing: Record<string, unknown> = {},
) {
  const calls: ServerResponse[] = [];
  const first = await fakeUpstream(t, (_request, response) => {
    calls.push(response);
    return undefined;
  });
  const second = await fakeUpstream(t, ({ body }) =>
    JSON.parse(body.toString()).stream === true ? streamedAnswer(upstream) : plainAnswer(upstream),
  );
  const { up } = oneModelConfig(first.url)['providers'] as { up: object };
  const config = { dialects: [dialect] };
  const proxy = await startProxy(t, {
    providers: { up: { ...up, config }, second: { ...up, base_url: second.url, config } },
    models: { m: { endpoints: [{ provider: 'up' }, { provider: 'second' }], pricing: 'none' } },
    routing,
  });
  const gone = new AbortController();
  const ask = (stream: boolean) =>
    fetch(proxy.url + client.path('m', stream), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(client.request('m', stream)),
      signal: gone.signal,
    });
  return { proxy, ask, gone, second, call: () => eventually('the call', () => calls[0]) };
}

describe('a translated stream before its first content', () => {
  for (const pair of PAIRS) {
    const [name, client, upstream] = pair;
    const opening = upstream.events.slice(0, upstream.eventsToFirstWord - 1);

    test(`FAI-2: ${name}: start-up events are held, and an error behind them still fails over`, async (t) => {
      const { proxy, ask, call } = await start(t, pair);
      const asked = ask(true);
      const response = (await call()).writeHead(200, SSE);
      response.write(opening.join(''));
      response.end('event: error\ndata: {"type":"error","error":{"message":"Busy"}}\n\n');
      const answered = await asked;
      const text = await answered.text();
      assert.equal(answered.status, 200);
      assert.ok(!text.includes('Busy'));
      assert.ok(text.includes(client.end), text);
      const [line] = await proxy.ledger();
      assert.deepEqual([line?.['provider'], line?.['error_code']], ['second', undefined]);
      assert.equal(line?.routing?.attempts?.length, 2);
    });

    test(`FAI-7: ${name}: signs of life come before the first event and behind it`, async (t) => {
      const { ask, call } = await start(t, pair, { commit_after: '30ms', heartbeat: '30ms' });
      const asked = ask(true);
      const upstreamResponse = (await call()).writeHead(200, SSE);
      upstreamResponse.flushHeaders();
      const reader = (await asked).body?.getReader();
      const [before, behind] = BEATS[name] as [string, string];
      let text = '';
      const readTo = async (isThere: () => boolean) => {
        while (!isThere()) {
          const piece = await reader?.read();
          assert.ok(piece && !piece.done, `the stream ended too soon: ${text}`);
          text += Buffer.from(piece.value).toString();
        }
      };
      await readTo(() => text.includes(before + before));
      const firstWord = upstream.events.slice(0, upstream.eventsToFirstWord);
      upstreamResponse.write(firstWord.join(''));
      await readTo(() => text.includes('Hel'));
      await readTo(() => text.endsWith(behind + behind));
      upstreamResponse.end(upstream.events.slice(upstream.eventsToFirstWord).join(''));
      await readTo(() => text.includes(client.end));
      if (name === 'gemini array') {
        await readTo(() => text.trimEnd().endsWith(']'));
        assert.ok(Array.isArray(JSON.parse(text)));
      }
    });

    for (const stream of [true, false]) {
      const kind = stream ? 'stream' : 'answer';
      test(`FAI-5: ${name}: a client that leaves its ${kind} before the first byte aborts the upstream`, async (t) => {
        const { proxy, ask, gone, second, call } = await start(t, pair);
        const asked = ask(stream);
        let isHungUp = false;
        (await call()).on('close', () => {
          isHungUp = true;
        });
        gone.abort();
        await assert.rejects(asked);
        await eventually('the upstream to be hung up on', () => isHungUp);
        const line = await eventually('the line', async () => (await proxy.ledger())[0]);
        assert.deepEqual([line['http_status'], line['error_code']], [499, 'client_closed']);
        assert.equal(second.seen.length, 0);
      });
    }
  }
});
