import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oddMembers, space, writeObject } from '../support/odd-json.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const USAGE = '{"prompt_tokens":10, "completion_tokens":5}';
const EVENTS = { 'content-type': 'text/event-stream' };
const CONTENT = '{"index":0,"delta":{"content":"Hi"},"finish_reason":null}';
const FINISH = '{"index":0,"delta":{},"finish_reason":"stop"}';

/** A stream as OpenAI writes it when usage is asked for: null in every chunk, then a chunk of its own. */
const ASKED: FakeAnswer = {
  headers: EVENTS,
  body: [
    `data: {"id":"c","choices":[${CONTENT}],"usage":null}\n\n`,
    `data: {"usage":null,"id":"c","choices":[${FINISH}]}\n\n`,
    `data: {"id":"c","choices":[],"usage":${USAGE}}\n\n`,
    'data: [DONE]\n\n',
  ],
};

const HIDDEN = [
  `data: {"id":"c","choices":[${CONTENT}]}\n\n`,
  `data: {"id":"c","choices":[${FINISH}]}\n\n`,
  'data: [DONE]\n\n',
].join('');

/** What the client says, and what the upstream is told. */
const REQUESTS: [sent: string, arrived: string][] = [
  [
    '{"model":"m","stream":true}',
    '{"model":"slug-1","stream":true,"stream_options":{"include_usage":true}}',
  ],
  [
    '{"model":"m","stream":true,"stream_options":{ } }',
    '{"model":"slug-1","stream":true,"stream_options":{"include_usage":true } }',
  ],
  [
    '{"stream_options":{"x":1},"model":"m","stream":true}',
    '{"stream_options":{"x":1,"include_usage":true},"model":"slug-1","stream":true}',
  ],
  [
    '{"stream_options":{"include_usage":false},"model":"m","stream":true}',
    '{"stream_options":{"include_usage":true},"model":"slug-1","stream":true}',
  ],
  [
    '{"stream_options":null,"model":"m","stream":true}',
    '{"stream_options":{"include_usage":true},"model":"slug-1","stream":true}',
  ],
];

describe('usage of chat streams', () => {
  test('usage is asked of the upstream, billed, and hidden from a client who did not ask', async (t) => {
    const upstream = await fakeUpstream(t, ASKED);
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    for (const path of ['/v1/chat/completions', '/v1/completions']) {
      for (const [sent, arrived] of REQUESTS) {
        const response = await proxy.post(path, sent);
        assert.equal(await response.text(), HIDDEN);
        assert.equal(upstream.seen.at(-1)?.body.toString(), arrived);
      }
    }
    for (const { tokens, usage_source } of await proxy.ledger()) {
      assert.deepEqual([tokens?.['in'], tokens?.['out'], usage_source], [10, 5, 'reported']);
    }
  });

  test('a client who asked for usage gets every byte of it', async (t) => {
    const upstream = await fakeUpstream(t, ASKED);
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const asking = '{"model":"m","stream":true,"stream_options":{"include_usage":true}}';
    const response = await proxy.post('/v1/chat/completions', asking);
    assert.equal(await response.text(), (ASKED.body as string[]).join(''));
    assert.equal(upstream.seen[0]?.body.toString(), asking.replace('"m"', '"slug-1"'));
  });

  test('`caps.stream_usage: false` leaves the request alone, and what the upstream says of usage too', async (t) => {
    const upstream = await fakeUpstream(t, ASKED);
    const { models, providers } = oneModelConfig(upstream.url) as Record<
      'models' | 'providers',
      object
    >;
    const { up } = providers as { up: object };
    const caps = { stream_usage: false };
    const proxy = await startProxy(t, {
      providers: { up, silent: { ...up, config: { dialects: ['openai-chat'], caps } } },
      models: { ...models, n: { provider: 'silent' }, o: { provider: 'up', config: { caps } } },
    });
    for (const model of ['n', 'o']) {
      const body = JSON.stringify({ model, stream: true });
      const response = await proxy.post('/v1/chat/completions', body);
      assert.equal(await response.text(), (ASKED.body as string[]).join(''));
      assert.equal(upstream.seen.at(-1)?.body.toString(), body);
    }
  });

  test('a chunk without choices that is no report of usage stays: Azure tells of its filters so', async (t) => {
    const filters = '{"choices":[],"prompt_filter_results":[{"prompt_index":0}],"usage":null}';
    const [first = '', ...rest] = ASKED.body as string[];
    const body = [`data: ${filters}\n\n`, first, ...rest];
    const upstream = await fakeUpstream(t, { headers: EVENTS, body });
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const response = await proxy.post('/v1/chat/completions', REQUESTS[0]?.[0]);
    assert.equal(
      await response.text(),
      `data: ${filters.replace(',"usage":null', '')}\n\n${HIDDEN}`,
    );
  });

  test('however a chunk is spelled, only its usage member is taken out', async (t) => {
    let payload = '';
    const upstream = await fakeUpstream(t, () => ({
      headers: EVENTS,
      body: [`data: ${payload}\n\n`, ...(ASKED.body as string[])],
    }));
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const members = oddMembers('usage', 'choices', 'error', 'object');
    // The payload of an event is one line.
    const gap = space().map((text) => text.replace(/[\r\n]/g, ''));
    const property = fc.asyncProperty(members, members, gap, async (before, after, spaces) => {
      const write = (...usage: [string, string][]) =>
        writeObject([[...before, ...usage, ...after], spaces]).replace(/[\r\n]+/g, ' ');
      payload = write(['usage', USAGE]);
      const response = await proxy.post('/v1/chat/completions', REQUESTS[0]?.[0]);
      assert.equal(await response.text(), `data: ${write()}\n\n${HIDDEN}`);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
