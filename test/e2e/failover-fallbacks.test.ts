import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

const price = (usd: number) => ({
  input: { text_cost_per_1k_tokens: usd },
  output: { text_cost_per_1k_tokens: usd },
});

const KEYS = {
  all: { key: 'key-all', models: ['*'] },
  some: { key: 'key-some', models: ['m', 'thi*'] },
  denied: { key: 'key-denied', models: ['*'], denied_models: ['sec*'] },
};

/** Models by name, of which those named here are broken. */
async function start(t: TestContext, models: Record<string, object>, broken: string[]) {
  let stream = false;
  let wire = WIRES[0]!;
  const upstream = await fakeUpstream(t, ({ url, body }) => {
    const isBroken = broken.some((slug) => `${url}${body}`.includes(slug));
    if (isBroken) return { status: 500, body: '{"error":{}}' };
    return stream ? streamedAnswer(wire) : plainAnswer(wire);
  });
  const { up } = oneModelConfig(upstream.url)['providers'] as { up: object };
  const keys = { main: 'sk-1', revoked: { key: 'sk-2', revoked: true } };
  const proxy = await startProxy(t, {
    providers: { up: { ...up, keys }, other: up, box: { ...up, self_hosted: true } },
    models,
    api_keys: KEYS,
    routing: { circuit: { failures: 1_000_000 } },
  });
  const ask = async (
    model: string,
    options: { key?: string; wire?: Wire; stream?: boolean } = {},
  ) => {
    wire = options.wire ?? WIRES[0]!;
    stream = options.stream ?? false;
    const authorization = `Bearer key-${options.key ?? 'all'}`;
    const request = wire.request(model, stream);
    const response = await proxy.post(wire.path(model, stream), request, { authorization });
    const text = await response.text();
    const [line] = (await proxy.ledger()).slice(-1);
    const tried = line?.routing?.attempts?.map(({ provider, slug }) => `${provider}/${slug}`);
    return { response, text, line, tried };
  };
  return { ask, proxy };
}

const chain = {
  m: { provider: 'up', slug: 'slug-m', pricing: price(0.001), fallbacks: ['second', 'third'] },
  second: {
    endpoints: [
      { provider: 'up', slug: 'slug-second' },
      { provider: 'other', slug: 'slug-second' },
    ],
    pricing: price(0.002),
    fallbacks: ['last'],
  },
  third: { provider: 'up', slug: 'slug-third', pricing: price(0.003) },
  last: { provider: 'up', slug: 'slug-last', pricing: price(0.004) },
};

describe('fallbacks', () => {
  for (const wire of WIRES) {
    for (const stream of [false, true]) {
      test(`FAI-1: they are tried in order for a ${wire.name} ${stream ? 'stream' : 'answer'}`, async (t) => {
        const { ask, proxy } = await start(t, chain, ['slug-m', 'slug-second']);
        const { text, line, tried, response } = await ask('m', { wire, stream });
        assert.equal(text, stream ? wire.events.join('') : JSON.stringify(wire.answer));
        const expected = ['up/slug-m', 'up/slug-second', 'other/slug-second', 'up/slug-third'];
        assert.deepEqual(tried, expected);
        assert.equal(response.headers.get('x-signalbox-model'), 'third');
        assert.equal(response.headers.get('x-signalbox-attempts'), '4');
        // The line tells what was asked for and what was used, and bills that.
        assert.deepEqual([line?.['requested_model'], line?.['model']], ['m', 'third']);
        assert.equal(line?.['cost_nanos_usd'], 45_000);
        assert.equal((await proxy.ledger()).length, 1);
      });
    }
  }

  test('FAI-1: those of a fallback are not followed', async (t) => {
    const { ask } = await start(t, chain, ['slug-m', 'slug-second', 'slug-third']);
    const { tried, response } = await ask('m');
    assert.deepEqual([response.status, tried?.at(-1)], [500, 'up/slug-third']);
  });

  test('FAI-1, KEY-3: each is judged by the grants of the same key', async (t) => {
    const { ask } = await start(t, chain, ['slug-m']);
    for (const key of ['some', 'denied']) {
      const { tried } = await ask('m', { key });
      assert.deepEqual(tried, ['up/slug-m', 'up/slug-third'], key);
    }
  });

  test('FAI-1: a fallback that cannot serve the call is passed over', async (t) => {
    const models = {
      m: { provider: 'up', slug: 'slug-m', fallbacks: ['unable', 'third'] },
      unable: { provider: 'up', key: 'revoked' },
      third: { provider: 'up', slug: 'slug-third' },
    };
    const { ask } = await start(t, models, ['slug-m']);
    assert.deepEqual((await ask('m')).tried, ['up/slug-m', 'up/slug-third']);
  });

  test('FAI-1: what failed as the endpoint of one model is not tried as that of another', async (t) => {
    const { ask } = await start(
      t,
      {
        m: { provider: 'up', slug: 'slug-m', fallbacks: ['same', 'third'] },
        same: {
          endpoints: [
            { provider: 'up', slug: 'slug-m' },
            { provider: 'other', slug: 'slug-m' },
          ],
        },
        third: { provider: 'up', slug: 'slug-third' },
      },
      ['slug-m'],
    );
    assert.deepEqual((await ask('m')).tried, ['up/slug-m', 'other/slug-m', 'up/slug-third']);
  });

  test('ROU-8, RES-1: a pin leaves none', async (t) => {
    const { ask } = await start(
      t,
      {
        m: {
          endpoints: [
            { provider: 'up', slug: 'slug-m' },
            { provider: 'box', slug: 'slug-m' },
          ],
          fallbacks: ['third'],
        },
        third: { provider: 'up', slug: 'slug-third' },
      },
      ['slug-m'],
    );
    assert.deepEqual((await ask('m')).tried?.at(-1), 'up/slug-third');
    assert.deepEqual((await ask('m:discount')).tried, ['box/slug-m']);
    assert.deepEqual((await ask('up:m')).tried, ['up/slug-m']);
  });

  test('ROU-4: the profile of the call orders the endpoints of a fallback too', async (t) => {
    const { ask } = await start(
      t,
      {
        m: { provider: 'up', slug: 'slug-m', fallbacks: ['second'] },
        second: {
          endpoints: [
            { provider: 'up', slug: 'slug-b', pricing: price(0.002) },
            { provider: 'other', slug: 'slug-b', pricing: price(0.001) },
          ],
        },
      },
      ['slug-m', 'slug-b'],
    );
    assert.deepEqual((await ask('m:cost')).tried, ['up/slug-m', 'other/slug-b', 'up/slug-b']);
  });

  test('FAI-1: what the client did wrong reaches no fallback', async (t) => {
    const upstream = await fakeUpstream(t, { status: 422, body: '{"error":{}}' });
    const proxy = await startProxy(t, {
      providers: (oneModelConfig(upstream.url) as { providers: object }).providers,
      models: { m: { provider: 'up', fallbacks: ['n'] }, n: { provider: 'up' } },
    });
    const response = await proxy.post('/v1/chat/completions', { model: 'm' });
    assert.deepEqual([response.status, upstream.seen.length], [422, 1]);
  });
});
