import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startProxy } from '../support/start-proxy.ts';

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
});
