import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';
import { readError, WIRES } from '../support/wires.ts';

const [chat] = WIRES;
assert.ok(chat);

const price = (usd: number) => ({
  input: { text_cost_per_1k_tokens: usd },
  output: { text_cost_per_1k_tokens: usd },
});

/** What the config says of a provider, the price of its endpoint, and how its upstream answers. */
interface Supply {
  provider?: object;
  usd?: number | null;
  status?: number;
}

/** A proxy with one model `m` that is served by all of them. */
async function start(t: TestContext, supplies: Record<string, Supply>) {
  const clock = createTestClock();
  const upstream = await fakeUpstream(t, ({ headers }) => {
    const { status = 200 } = supplies[String(headers['x-provider'])] ?? {};
    return { status, body: JSON.stringify(status === 200 ? chat?.answer : { error: {} }) };
  });
  const { up } = oneModelConfig(upstream.url)['providers'] as { up: { config: object } };
  const providers = Object.entries(supplies).map(([name, { provider }]) => {
    const config = { ...up.config, headers: { 'x-provider': name } };
    return [name, { ...up, ...provider, config }] as const;
  });
  const endpoints = Object.entries(supplies).map(([provider, { usd = 0.001 }]) => ({
    provider,
    pricing: usd === null ? 'none' : price(usd),
  }));
  const config = { providers: Object.fromEntries(providers), models: { m: { endpoints } } };
  const proxy = await startProxy(t, config, { clock });
  const ask = async (model: string) => {
    const response = await proxy.post('/v1/chat/completions', chat?.request(model));
    const body = await response.json();
    const [line] = (await proxy.ledger()).slice(-1);
    const tried = line?.routing?.attempts?.map((attempt) => attempt['provider']) ?? [];
    return { response, body, line, tried };
  };
  return { ask, proxy };
}

const byok = { byok: true };
const selfHosted = { self_hosted: true };

describe('tiers', () => {
  test('ROU-7: your own keys come first whatever the profile, which orders within each tier', async (t) => {
    const { ask } = await start(t, {
      cheap: { usd: 0.001, status: 500 },
      own: { provider: byok, usd: 0.009, status: 500 },
      ownCheap: { provider: byok, usd: 0.005, status: 500 },
      free: { usd: 0, status: 500 },
    });
    for (const suffix of ['', ':cost', ':latency', ':throughput']) {
      const { tried } = await ask(`m${suffix}`);
      assert.deepEqual(tried, ['ownCheap', 'own', 'free', 'cheap'], suffix);
    }
  });

  test('ROU-2, ROU-7: an endpoint that keeps failing is the last of its tier, and no later', async (t) => {
    const { ask } = await start(t, {
      own: { provider: byok, usd: 0.001, status: 401 },
      ownDear: { provider: byok, usd: 0.002, status: 500 },
      other: { usd: 0 },
    });
    assert.deepEqual((await ask('m')).tried, ['own', 'ownDear', 'other']);
    assert.deepEqual((await ask('m')).tried, ['ownDear', 'own', 'other']);
  });

  test('ROU-3: unpriced comes last, and 0 is free', async (t) => {
    const { ask } = await start(t, {
      unpriced: { usd: null, status: 500 },
      dear: { usd: 1, status: 500 },
      free: { usd: 0, status: 500 },
    });
    assert.deepEqual((await ask('m:cost')).tried, ['free', 'dear', 'unpriced']);
  });
});

describe('`:discount` and `discount_percent`', () => {
  test('ROU-8: the suffix keeps the self-hosted endpoints, in balanced order', async (t) => {
    const { ask } = await start(t, {
      other: { usd: 0 },
      box: { provider: selfHosted, usd: 0.009 },
      boxCheap: { provider: selfHosted, usd: 0.005, status: 500 },
    });
    const { tried, line, response } = await ask('m:discount');
    assert.deepEqual(tried, ['boxCheap', 'box']);
    assert.deepEqual([line?.['discount'], line?.['routing_profile']], [true, 'balanced']);
    assert.equal(response.headers.get('x-signalbox-profile'), 'balanced');
    assert.equal(line?.['model'], 'm');
    const bare = await ask('m');
    assert.deepEqual([bare.tried, bare.line?.['discount']], [['other'], undefined]);
  });

  test('ROU-8: it is a pin: no failover beyond it', async (t) => {
    const { ask } = await start(t, {
      other: { usd: 0 },
      box: { provider: selfHosted, status: 500 },
    });
    const { tried, response } = await ask('m:discount');
    assert.deepEqual([response.status, tried], [500, ['box']]);
  });

  test('ROU-8: without a self-hosted endpoint it is 404', async (t) => {
    const { ask } = await start(t, { other: {} });
    const { response, body, tried } = await ask('m:discount');
    assert.deepEqual([response.status, tried], [404, []]);
    assert.equal(readError(chat!, body).code, 'model_not_found');
  });

  test('ROU-8, MON-5: the percentage lowers the price for ranking and billing, suffix or not', async (t) => {
    const { ask } = await start(t, {
      full: { usd: 0.002 },
      reduced: { provider: { ...selfHosted, discount_percent: 62.5 }, usd: 0.004 },
    });
    for (const model of ['m:cost', 'm', 'm:discount', 'reduced:m']) {
      const { line, response } = await ask(model);
      assert.equal(line?.['provider'], 'reduced', model);
      // 15 tokens at 0.004 USD per thousand, less 62.5 %.
      assert.equal(line?.['cost_nanos_usd'], 22_500);
      assert.equal(response.headers.get('x-signalbox-cost-usd'), '0.0000225');
    }
    const { line } = await ask('full:m');
    assert.equal(line?.['cost_nanos_usd'], 30_000);
  });
});
