import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';
import { plainAnswer, readError, WIRES, type Wire } from '../support/wires.ts';

const [chat] = WIRES as readonly [Wire];

const twice = { policies: { requests: { per_hour: 2 } } };

const priced = (usd: number) => ({
  pricing: { input: { text_cost_per_1k_tokens: usd }, output: { text_cost_per_1k_tokens: usd } },
});

/** A model whose cheapest endpoint may be used twice an hour; the dearest is of the last tier. */
async function start(t: TestContext, others: object = {}) {
  const clock = createTestClock();
  const upstream = await fakeUpstream(t, plainAnswer(chat));
  const { up } = oneModelConfig(upstream.url)['providers'] as { up: object };
  const own = { ...up, byok: true };
  const endpoints = [
    { provider: 'limited', ...priced(0.001), ...twice },
    { provider: 'next', ...priced(0.002), ...others },
    { provider: 'last', ...priced(0), ...others },
  ];
  const proxy = await startProxy(
    t,
    { providers: { limited: own, next: own, last: up }, models: { m: { endpoints } } },
    { clock },
  );
  const ask = async () => {
    const response = await proxy.post(chat.path('m'), chat.request('m:cost'));
    const body = await response.json();
    return { response, body, provider: response.headers.get('x-signalbox-provider') };
  };
  const route = async () => {
    const answer = await fetch(`${proxy.url}/v1/route?model=m:cost`);
    const { endpoints } = (await answer.json()) as {
      endpoints: { provider: string; state: string; reason: string }[];
    };
    return endpoints.map(({ provider, state, reason }) => [provider, state, reason]);
  };
  return { ask, clock, route, proxy };
}

describe('endpoints with limits of their own', () => {
  test('ROU-2: one whose limit is reached is passed by until there is room again', async (t) => {
    const { ask, clock, proxy } = await start(t);
    const providers = [await ask(), await ask(), await ask(), await ask()];
    const expected = ['limited', 'limited', 'next', 'next'];
    assert.deepEqual(
      providers.map(({ provider }) => provider),
      expected,
    );
    const lines = await proxy.ledger();
    assert.deepEqual(
      lines.map(({ routing }) => routing?.attempts?.map(({ provider }) => provider)),
      expected.map((provider) => [provider]),
    );
    clock.advance(3_700_000);
    assert.equal((await ask()).provider, 'limited');
  });

  test('ROU-2, CLI-4: `/v1/route` has it behind the others of its tier, and says why', async (t) => {
    const { ask, route } = await start(t);
    assert.deepEqual(
      (await route()).map(([provider, state]) => [provider, state]),
      [
        ['limited', 'closed'],
        ['next', 'closed'],
        ['last', 'closed'],
      ],
    );
    await ask();
    await ask();
    const [first, second, third] = await route();
    assert.deepEqual(first?.slice(0, 2), ['next', 'closed']);
    assert.deepEqual(second, [
      'limited',
      'limited',
      'Left for last of its tier: a limit of its own is reached.',
    ]);
    assert.deepEqual(third?.slice(0, 2), ['last', 'closed']);
  });

  test('POL-5: where all have reached theirs, the call is 429 with the shortest wait', async (t) => {
    const others = { policies: { requests: { per_minute: 1 } } };
    const { ask, proxy } = await start(t, others);
    for (let call = 0; call < 4; call += 1) assert.equal((await ask()).response.status, 200);
    const { body, response } = await ask();
    assert.equal(response.status, 429);
    assert.equal(readError(chat, body).code, 'rate_limit_exceeded');
    const wait = Number(response.headers.get('retry-after'));
    assert.ok(wait > 0 && wait <= 61, `${wait}`);
    const [line] = (await proxy.ledger()).slice(-1);
    assert.deepEqual([line?.routing?.attempts, line?.['cost_nanos_usd']], [[], 0]);
  });
});
