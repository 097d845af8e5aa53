import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { WIRES } from '../support/wires.ts';

/** Every field that the contract names, in its order. */
const FIELDS =
  'v ts request_id config_hash api_key organisation team user namespace session surface operation stream requested_model alias model variant_of slug provider provider_key routing_profile discount http_status error_code latency_ms ttft_ms tokens usage_source cost_nanos_usd cost_reason billing provider_usage provider_request_id routing client_ip'.split(
    ' ',
  );

/** The fields that stand on every line. */
const ALWAYS =
  'v ts request_id config_hash namespace surface operation stream routing_profile http_status latency_ms usage_source cost_nanos_usd routing client_ip'.split(
    ' ',
  );

const [chat, , messages] = WIRES;
assert.ok(chat && messages);

/** A config in which a call can have every label. */
function labelledConfig(baseUrl: string) {
  const { providers, models } = oneModelConfig(baseUrl) as Record<string, Record<string, object>>;
  return {
    providers: { up: { ...providers?.['up'], self_hosted: true } },
    models,
    variants: { 'm-ana': { model: 'm' } },
    model_alias: { nick: 'm-ana' },
    organisations: { acme: {} },
    teams: { growth: {} },
    users: { ana: {} },
    api_keys: {
      client: {
        key: 'client-key',
        models: ['*'],
        organisation: 'acme',
        team: 'growth',
        user: 'ana',
        namespace: 'lab',
      },
    },
  };
}

describe('a line of the ledger', () => {
  test('LED-1: it holds every field that applies, in the order of the contract', async (t) => {
    const upstream = await fakeUpstream(t, () => ({
      headers: { 'content-type': 'text/event-stream', 'x-request-id': 'up-1' },
      body: chat.events,
    }));
    const proxy = await startProxy(t, labelledConfig(upstream.url));
    const headers = { authorization: 'Bearer client-key', 'x-claude-code-session-id': 's-1' };
    const request = chat.request('nick:discount', true);
    const response = await proxy.post(chat.path('m'), request, headers);
    await response.text();
    const [line] = await proxy.ledger();
    assert.ok(line);
    const absent = ['error_code', 'cost_reason'];
    assert.deepEqual(
      Object.keys(line),
      FIELDS.filter((field) => !absent.includes(field)),
    );
    const { ts, latency_ms, ttft_ms, config_hash, routing, ...rest } = line;
    assert.match(String(ts), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(Number.isInteger(latency_ms) && Number.isInteger(ttft_ms));
    assert.ok(Number(ttft_ms) <= Number(latency_ms));
    assert.match(String(config_hash), /^[0-9a-f]{12}$/);
    const [attempt] = routing?.attempts ?? [];
    assert.ok(Number.isInteger(attempt?.['ms']));
    const expected = { provider: 'up', slug: 'slug-1', key: 'main', status: 200, ms: 0 };
    assert.deepEqual({ ...attempt, ms: 0 }, expected);
    assert.deepEqual(rest, {
      v: 1,
      request_id: response.headers.get('x-request-id'),
      api_key: 'client',
      organisation: 'acme',
      team: 'growth',
      user: 'ana',
      namespace: 'lab',
      session: 's-1',
      surface: 'openai',
      operation: 'chat',
      stream: true,
      requested_model: 'nick:discount',
      alias: 'nick',
      model: 'm-ana',
      variant_of: 'm',
      slug: 'slug-1',
      provider: 'up',
      provider_key: 'main',
      routing_profile: 'balanced',
      discount: true,
      http_status: 200,
      tokens: { in: 10, out: 5, input_text: 10, output_text: 5 },
      usage_source: 'reported',
      cost_nanos_usd: 20_000,
      billing: { input_text: 10_000, output_text: 10_000 },
      provider_usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      provider_request_id: 'up-1',
      client_ip: '127.0.0.1',
    });
  });

  test('LED-1: what does not apply is absent, not null, but for the cost', async (t) => {
    const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
    await proxy.post('/v1/messages', '{"broken');
    await proxy.post('/v1/messages', messages.request('none'));
    await proxy.post('/v1/messages', messages.request('m'));
    const lines = await proxy.ledger();
    assert.deepEqual(
      lines.map((line) => Object.keys(line).filter((field) => !ALWAYS.includes(field))),
      [
        ['error_code'],
        ['requested_model', 'error_code'],
        ['requested_model', 'model', 'slug', 'provider', 'provider_key', 'error_code'],
      ],
    );
    for (const line of lines) {
      assert.ok(ALWAYS.every((field) => field in line));
      assert.ok(!JSON.stringify(line).includes('null'));
      assert.deepEqual([line['usage_source'], line['cost_nanos_usd']], ['none', 0]);
    }
  });

  test('LED-1, MON-2: money is a JSON integer of any size', async (t) => {
    const usage = { prompt_tokens: 1_000_000_000_000, completion_tokens: 1 };
    const upstream = await fakeUpstream(t, { body: JSON.stringify({ ...chat.answer, usage }) });
    const { providers } = oneModelConfig(upstream.url);
    const pricing = {
      input: { text_cost_per_1k_tokens: 12.345678901 },
      output: { text_cost_per_1k_tokens: 0.000000001 },
    };
    const proxy = await startProxy(t, { providers, models: { m: { provider: 'up', pricing } } });
    await proxy.post(chat.path('m'), chat.request('m'));
    const text = await readFile(proxy.ledgerFile, 'utf8');
    assert.ok(text.includes('"cost_nanos_usd":12345678901000000000,'), text);
    assert.ok(text.includes('"billing":{"input_text":12345678901000000000,"output_text":0}'), text);
  });

  test('LED-1: requests of one second are lines of their own, each with its id', async (t) => {
    const upstream = await fakeUpstream(t, { body: JSON.stringify(chat.answer) });
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const asked = Array.from({ length: 50 }, () => proxy.post(chat.path('m'), chat.request('m')));
    const ids = (await Promise.all(asked)).map(({ headers }) => headers.get('x-request-id'));
    const written = (await proxy.ledger()).map((line) => line['request_id']);
    assert.deepEqual(written.sort(), ids.sort());
    assert.equal(new Set(written).size, 50);
  });
});
