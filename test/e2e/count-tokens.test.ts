import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const TEXT = 'Count these words, and rather say too many than too few. '.repeat(40);

const COUNTS = [
  {
    path: '/v1/messages/count_tokens',
    body: { model: 'm', system: 'Be kind.', messages: [{ role: 'user', content: TEXT }] },
    read: (answer: Record<string, unknown>) => answer['input_tokens'],
  },
  {
    path: '/v1/responses/input_tokens',
    body: { model: 'm', instructions: 'Be kind.', input: TEXT },
    read: (answer: Record<string, unknown>) => answer['input_tokens'],
  },
  {
    path: '/v1beta/models/m:countTokens',
    body: { contents: [{ role: 'user', parts: [{ text: TEXT }] }] },
    read: (answer: Record<string, unknown>) => answer['totalTokens'],
  },
];

describe('token counts', () => {
  for (const { path, body, read } of COUNTS) {
    test(`X-69, X-70: ${path} answers for a model whose API cannot count, and rather too many`, async (t) => {
      const simulator = await startSimulator();
      t.after(() => simulator.close());
      const proxy = await startProxy(t, {
        providers: {
          up: { type: 'CUSTOM', base_url: simulator.url, config: { dialects: ['openai-chat'] } },
        },
        models: { m: { provider: 'up', slug: 's', pricing: 'none' } },
      });
      const response = await proxy.post(path, body);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('x-signalbox-token-count'), 'estimated');
      const tokens = Number(read((await response.json()) as Record<string, unknown>));
      assert.ok(tokens >= TEXT.length / 4 && tokens < TEXT.length, String(tokens));
      assert.equal(simulator.bill().requests, 0);
      const [line] = await proxy.ledger();
      assert.deepEqual([line?.['cost_nanos_usd'], line?.['usage_source']], [0, 'none']);
    });
  }

  test('X-71, ROU-8, ROU-9: only those are asked that the name of the model and the request leave', async (t) => {
    const asked: string[] = [];
    const upstream = await fakeUpstream(t, ({ headers }) => {
      asked.push(String(headers['x-provider']));
      return { body: '{"input_tokens":7}' };
    });
    const { up } = oneModelConfig(upstream.url)['providers'] as { up: object };
    const provider = (name: string, rest: object) => ({
      ...up,
      ...rest,
      config: { dialects: ['openai-responses'], headers: { 'x-provider': name } },
    });
    const proxy = await startProxy(t, {
      providers: { other: provider('other', {}), box: provider('box', { self_hosted: true }) },
      models: { m: { endpoints: [{ provider: 'other' }, { provider: 'box' }] } },
    });
    const messages = [{ role: 'user', content: 'Hi' }];
    for (const body of [
      { model: 'm' },
      { model: 'm:discount' },
      { model: 'box:m' },
      { model: 'm', provider: { only: ['box'] } },
      { model: 'm', provider: { ignore: ['other'] } },
    ]) {
      const response = await proxy.post('/v1/messages/count_tokens', { ...body, messages });
      assert.deepEqual(await response.json(), { input_tokens: 7 });
    }
    assert.deepEqual(asked, ['other', 'box', 'box', 'box', 'box']);
  });

  for (const { path, body, read } of COUNTS) {
    for (const dialect of ['anthropic-messages', 'google-generate-content', 'openai-responses']) {
      test(`X-71: ${path} asks a provider that counts in ${dialect}, and is what the call is billed`, async (t) => {
        const simulator = await startSimulator();
        t.after(() => simulator.close());
        const proxy = await startProxy(t, {
          providers: {
            up: { type: 'CUSTOM', base_url: simulator.url, config: { dialects: [dialect] } },
          },
          models: { m: { provider: 'up', slug: 's', pricing: 'none' } },
        });
        const response = await proxy.post(path, body);
        assert.equal(response.status, 200);
        // Its own dialect is passed through, and says nothing of it.
        const exactness = response.headers.get('x-signalbox-token-count');
        assert.ok(exactness === null || exactness === 'exact', String(exactness));
        assert.equal(response.headers.get('x-signalbox-provider'), 'up');
        const tokens = Number(read((await response.json()) as Record<string, unknown>));
        const [line] = await proxy.ledger();
        assert.deepEqual([line?.['provider'], line?.['slug']], ['up', 's']);
        assert.equal(line?.['cost_nanos_usd'], 0);
        assert.deepEqual(
          line?.routing?.attempts?.map((each) => each['status']),
          [200],
        );
        const chatPath = path
          .replace(/\/count_tokens|\/input_tokens/, '')
          .replace(':countTokens', ':generateContent');
        const limit = path.includes('messages') ? { max_tokens: 10 } : {};
        assert.equal((await proxy.post(chatPath, { ...body, ...limit })).status, 200);
        assert.equal((await proxy.ledger()).at(-1)?.tokens?.['in'], tokens);
      });
    }
  }

  for (const status of [404, 405, 500, 529]) {
    test(`X-69: a provider that answers a count with ${status} is no reason not to know`, async (t) => {
      const up = await fakeUpstream(t, { status, body: '{"error":{"message":"no such thing"}}' });
      for (const dialect of ['anthropic-messages', 'google-generate-content']) {
        const proxy = await startProxy(t, {
          providers: { up: { type: 'CUSTOM', base_url: up.url, config: { dialects: [dialect] } } },
          models: { m: { provider: 'up', slug: 's', pricing: 'none' } },
        });
        for (const { path, body, read } of COUNTS) {
          const response = await proxy.post(path, body);
          assert.equal(response.status, 200, path);
          assert.equal(response.headers.get('x-signalbox-token-count'), 'estimated');
          const tokens = Number(read((await response.json()) as Record<string, unknown>));
          assert.ok(tokens >= TEXT.length / 4, String(tokens));
          const [attempt] = (await proxy.ledger()).at(-1)?.routing?.attempts ?? [];
          assert.deepEqual([attempt?.['provider'], attempt?.['status']], ['up', status]);
        }
      }
      assert.ok(up.seen.length > 0);
    });
  }

  test('X-69: a bad request is a bad request', async (t) => {
    const body = '{"type":"error","error":{"type":"invalid_request_error","message":"bad"}}';
    const up = await fakeUpstream(t, { status: 400, body });
    const proxy = await startProxy(t, oneModelConfig(up.url));
    const response = await proxy.post('/v1/messages/count_tokens', COUNTS[0]?.body);
    assert.equal(response.status, 400);
    assert.equal(await response.text(), body);
  });

  test('X-70: the estimate follows what the provider reported, and stays above it', async (t) => {
    const question = { ...COUNTS[0]?.body, max_tokens: 9 };
    const prompt_tokens = TEXT.length;
    const up = await fakeUpstream(t, {
      body: JSON.stringify({
        id: 'chatcmpl-1',
        model: 's',
        choices: [
          { index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' },
        ],
        usage: { prompt_tokens, completion_tokens: 1, total_tokens: prompt_tokens + 1 },
      }),
    });
    const proxy = await startProxy(t, {
      providers: {
        up: { type: 'CUSTOM', base_url: up.url, config: { dialects: ['openai-chat'] } },
      },
      models: { m: { provider: 'up', slug: 's', pricing: 'none' } },
    });
    const count = async () => {
      const response = await proxy.post('/v1/messages/count_tokens', COUNTS[0]?.body);
      return Number(((await response.json()) as Record<string, unknown>)['input_tokens']);
    };
    assert.ok((await count()) < prompt_tokens);
    assert.equal((await proxy.post('/v1/messages', question)).status, 200);
    const corrected = await count();
    assert.ok(corrected >= prompt_tokens && corrected < prompt_tokens * 1.2, String(corrected));
  });
});
