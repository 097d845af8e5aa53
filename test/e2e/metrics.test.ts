import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { parseMetrics } from '../support/parse-metrics.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const MOCK = {
  providers: { sim: { type: 'MOCK', config: { ttft_ms: 0 } } },
  models: {
    m: {
      provider: 'sim',
      pricing: {
        input: { text_cost_per_1k_tokens: 0.001 },
        output: { text_cost_per_1k_tokens: 0.002 },
      },
    },
    free: { provider: 'sim', pricing: 'none' },
    'or/*': { provider: 'sim', slug: '*', pricing: 'none' },
  },
};

const ASK = { messages: [{ role: 'user', content: 'Say hello.' }] };

async function scrape(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/metrics`, { headers });
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  return parseMetrics(await response.text());
}

describe('metrics', () => {
  test('API-5: what /metrics counts is what the ledger says', async (t) => {
    const proxy = await startProxy(t, MOCK);
    for (const model of ['m', 'm', 'free', 'nobody']) {
      await (await proxy.post('/v1/chat/completions', { ...ASK, model })).text();
    }
    await (await proxy.post('/v1/chat/completions', { ...ASK, model: 'm', stream: true })).text();
    const lines = await proxy.ledger();
    const metrics = await scrape(proxy.url);
    const at = { model: 'm', provider: 'sim' };
    const sum = (pick: (line: (typeof lines)[number]) => unknown) =>
      lines.filter(({ model }) => model === 'm').reduce((sum, line) => sum + Number(pick(line)), 0);
    const ok = { ...at, surface: 'openai', status: '2xx' };
    assert.equal(metrics.value('signalbox_calls_total', ok), 3);
    const inputs = { ...at, kind: 'input_text' };
    const expected = sum(({ tokens }) => tokens?.['input_text']);
    assert.ok(expected > 0);
    assert.equal(metrics.value('signalbox_tokens_total', inputs), expected);
    const cost = sum((line) => line['cost_nanos_usd']);
    assert.ok(cost > 0);
    assert.equal(metrics.value('signalbox_cost_nano_usd_total', at), cost);
    const free = { model: 'free', provider: 'sim' };
    assert.equal(metrics.value('signalbox_calls_of_unknown_cost_total', free), 1);
    assert.equal(metrics.value('signalbox_cost_nano_usd_total', free), 0);
    const unknown = { model: '', provider: '', code: 'model_not_found' };
    assert.equal(metrics.value('signalbox_errors_total', unknown), 1);
    assert.equal(metrics.value('signalbox_call_duration_seconds_count', at), 3);
    assert.equal(metrics.value('signalbox_time_to_first_token_seconds_count', at), 1);
    assert.equal(metrics.value('signalbox_ledger_lines_total', {}), lines.length);
    assert.equal(metrics.value('signalbox_ledger_lines_lost_total', {}), 0);
    assert.equal(metrics.value('signalbox_ledger_healthy', {}), 1);
  });

  test('API-5: 1,000 names that nobody configured add no label', async (t) => {
    const proxy = await startProxy(t, MOCK);
    const ask = (model: string) =>
      proxy.post('/v1/chat/completions', { ...ASK, model }).then((answer) => answer.text());
    await ask('nobody');
    await ask('or/first');
    const before = (await scrape(proxy.url)).size;
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => ask(`x-${batch}-${index}`)));
    }
    await Promise.all(Array.from({ length: 50 }, (_, index) => ask(`or/${index}`)));
    const after = await scrape(proxy.url);
    assert.equal(after.size, before);
    const unknown = { model: '', provider: '', code: 'model_not_found' };
    assert.equal(after.value('signalbox_errors_total', unknown), 1_001);
    const wild = { model: 'or/*', provider: 'sim', surface: 'openai', status: '2xx' };
    assert.equal(after.value('signalbox_calls_total', wild), 51);
  });

  test('API-5: an endpoint that keeps failing shows an open circuit', async (t) => {
    const upstream = await fakeUpstream(t, { status: 401, body: '{}' });
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const at = { provider: 'up', slug: 'slug-1', provider_key: 'main' };
    const state = async (name: string) =>
      (await scrape(proxy.url)).value('signalbox_endpoint_circuit', { ...at, state: name });
    assert.deepEqual([await state('closed'), await state('open')], [1, 0]);
    await (await proxy.post('/v1/chat/completions', { ...ASK, model: 'm' })).text();
    assert.deepEqual([await state('closed'), await state('open')], [0, 1]);
  });

  test('API-5, SEC-3: with API keys it takes the admin key, and shows none', async (t) => {
    const config = {
      ...MOCK,
      admin_key: 'admin-secret-0001',
      api_keys: { ana: { key: 'client-secret-0001', models: ['*'] } },
    };
    const proxy = await startProxy(t, config);
    const status = async (key?: string) =>
      (
        await fetch(
          `${proxy.url}/metrics`,
          key ? { headers: { authorization: `Bearer ${key}` } } : {},
        )
      ).status;
    assert.deepEqual(
      [await status(), await status('client-secret-0001'), await status('admin-secret-0001')],
      [401, 401, 200],
    );
    const headers = { authorization: 'Bearer admin-secret-0001' };
    const text = await (await fetch(`${proxy.url}/metrics`, { headers })).text();
    assert.doesNotMatch(text, /secret/);
    const { admin_key: _, ...unguarded } = config;
    const closed = await startProxy(t, unguarded);
    const refused = await fetch(`${closed.url}/metrics`, {
      headers: { authorization: 'Bearer client-secret-0001' },
    });
    assert.equal(refused.status, 401);
    assert.match(await refused.text(), /admin_key/);
  });
});
