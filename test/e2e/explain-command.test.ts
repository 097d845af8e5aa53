import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runCli, writeConfig } from '../support/start-cli.ts';
import { startProxy } from '../support/start-proxy.ts';

const price = (usd: number) => ({
  input: { text_cost_per_1k_tokens: usd },
  output: { text_cost_per_1k_tokens: usd },
});

const CONFIG = {
  providers: {
    dear: { type: 'MOCK' },
    cheap: { type: 'MOCK', discount_percent: 50, self_hosted: true },
    off: { type: 'MOCK', enabled: false },
  },
  models: {
    m: {
      endpoints: [
        { provider: 'dear', pricing: price(0.01) },
        { provider: 'cheap', slug: 'm-8bit', pricing: price(0.01) },
        { provider: 'off', pricing: price(0.001) },
      ],
    },
  },
  variants: { 'm-ana': { model: 'm' } },
  model_alias: { nick: 'm-ana' },
};

const API_KEYS = { api_keys: { ana: { key: 'ana-key', models: ['m-ana'] } } };

async function route(url: string, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/v1/route?${query}`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('signalbox explain and GET /v1/route', () => {
  test('CLI-4, API-5: they give the same JSON, and call nobody', async (t) => {
    const { configFile } = await writeConfig(t, CONFIG);
    const proxy = await startProxy(t, CONFIG);
    const questions: [args: string[], query: string][] = [
      [['nick:cost'], 'model=nick:cost'],
      [
        ['dear:m', '--surface', 'gemini', '--input-tokens', '9', '--max-tokens', '7'],
        'model=dear:m&surface=gemini&input_tokens=9&max_tokens=7',
      ],
    ];
    const printed = await Promise.all(
      questions.map(([args]) => runCli(t, ['explain', ...args, '--json', '--config', configFile])),
    );
    for (const [index, { code, stdout, stderr }] of printed.entries()) {
      assert.equal(code, 0, stderr);
      const { status, body } = await route(proxy.url, questions[index]?.[1] ?? '');
      assert.equal(status, 200);
      assert.deepEqual(JSON.parse(stdout), body);
    }
    assert.deepEqual(await proxy.ledger(), []);
  });

  test('CLI-4: it says what was resolved, the order of trial, and why', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    const { body } = await route(proxy.url, 'model=nick:cost');
    const { requested, alias, model, variant_of, profile, discount, pinned, operation } = body;
    assert.deepEqual(
      [requested, alias, model, variant_of, profile, discount, pinned, operation],
      ['nick:cost', 'nick', 'm-ana', 'm', 'cost', false, null, 'chat'],
    );
    assert.ok((body['steps'] as string[]).length >= 3);
    const endpoints = body['endpoints'] as Record<string, unknown>[];
    assert.deepEqual(
      endpoints.map(({ rank, provider, slug }) => [rank, provider, slug]),
      [
        [1, 'cheap', 'm-8bit'],
        [2, 'dear', 'm'],
        [null, 'off', 'm'],
      ],
    );
    assert.equal(endpoints[2]?.['reason'], 'Never tried: provider off is disabled.');
    assert.ok(endpoints.every(({ reason }) => String(reason).endsWith('.')));
  });

  test('CLI-4: a surface that there is not is bad usage', async (t) => {
    const { code, stderr } = await runCli(t, ['explain', 'm', '--surface', 'foo']);
    assert.equal(code, 2);
    assert.match(stderr, /Allowed choices are chat, responses, messages, gemini, embeddings/);
  });

  test('CLI-4: on a terminal it is a table; what would be refused is told and exits 1', async (t) => {
    const { configFile } = await writeConfig(t, { ...CONFIG, ...API_KEYS });
    const explain = (...args: string[]) => runCli(t, ['explain', ...args, '--config', configFile]);
    const [table, unknown, denied, nobody] = await Promise.all([
      explain('m:cost'),
      explain('m:fast'),
      explain('m', '--api-key', 'ana'),
      explain('m', '--api-key', 'bob'),
    ]);
    assert.equal(table.code, 0);
    assert.ok(table.stdout.startsWith('m:cost → m'));
    for (const word of ['cheap', 'dear', 'off', 'm-8bit']) assert.ok(table.stdout.includes(word));
    for (const [{ code, stdout, stderr }, says] of [
      [unknown, /m:fast/],
      [denied, /not granted to key `ana`/],
      [nobody, /no API key 'bob'/],
    ] as const) {
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, says);
      assert.ok(!/at .*\.ts:\d+/.test(stderr), stderr);
    }
  });

  test('API-5, KEY-3: /v1/route judges by the key that asks, and knows its parameters', async (t) => {
    const proxy = await startProxy(t, { ...CONFIG, ...API_KEYS });
    const auth = { authorization: 'Bearer ana-key' };
    const ask = async (query: string, headers = auth) =>
      (await route(proxy.url, query, headers)).status;
    assert.equal(await ask('model=nick'), 200);
    assert.equal(await ask('model=m'), 403);
    assert.equal(await ask('model=nothing'), 404);
    assert.equal(await ask(''), 400);
    assert.equal(await ask('model=nick&surface=fax'), 400);
    assert.equal(await ask('model=nick&max_tokens=-1'), 400);
    assert.equal(await ask('model=nick', { authorization: 'Bearer x' }), 401);
  });
});
