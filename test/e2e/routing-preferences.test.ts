import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oddMembers, space, writeObject } from '../support/odd-json.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { readError, WIRES } from '../support/wires.ts';

const price = (input: number, output: number) => ({
  input: { text_cost_per_1k_tokens: input },
  output: { text_cost_per_1k_tokens: output },
});

const OPENAI_ERROR = '{"error":{"message":"no","type":"x","code":null,"param":null}}';

/** Three endpoints: `cheap`, `quick` and `fast` are the best on one axis each, in this order declared. */
const ENDPOINTS = [
  {
    provider: 'quick',
    pricing: price(0.004, 0.02),
    hints: { ttft_ms: 10, tokens_per_second: 50 },
  },
  {
    provider: 'cheap',
    pricing: price(0.001, 0.002),
    hints: { ttft_ms: 900, tokens_per_second: 20 },
  },
  {
    provider: 'fast',
    pricing: price(0.005, 0.03),
    hints: { ttft_ms: 500, tokens_per_second: 400 },
  },
];

/** A proxy whose upstreams all fail, unless the test says otherwise: so every try is on the ledger. */
async function start(t: TestContext, answer: FakeAnswer = { status: 400, body: OPENAI_ERROR }) {
  let current = answer;
  const upstream = await fakeUpstream(t, () => current);
  const { up } = oneModelConfig(upstream.url)['providers'] as { up: object };
  const proxy = await startProxy(t, {
    providers: { quick: up, cheap: { ...up, discount_percent: 50 }, fast: up, spare: up },
    models: {
      m: { endpoints: ENDPOINTS, fallbacks: ['spare'] },
      single: { provider: 'quick', pricing: 'none' },
      spare: { provider: 'spare', pricing: price(0.0005, 0.001) },
    },
    routing: { circuit: { failures: 1_000_000 } },
  });
  const ask = (body: object | string) => proxy.post('/v1/chat/completions', body);
  /** The providers tried, in order, for that `provider` field, where all of them fail. */
  const order = async (provider: object, model = 'm') => {
    current = { status: 500, body: OPENAI_ERROR };
    const response = await ask({ model, provider, messages: [] });
    await response.text();
    const [line] = (await proxy.ledger()).slice(-1);
    const attempts = line?.routing?.attempts?.map((attempt) => attempt['provider']) ?? [];
    return { status: response.status, attempts, profile: line?.['routing_profile'] };
  };
  return { upstream, ask, order, proxy };
}

describe('the `provider` field of a request (ROU-9)', () => {
  test('`sort` chooses the profile, and a suffix wins over it', async (t) => {
    const { order } = await start(t);
    const rows: [sort: string, model: string, first: string, profile: string][] = [
      ['price', 'm', 'cheap', 'cost'],
      ['latency', 'm', 'quick', 'latency'],
      ['throughput', 'm', 'fast', 'throughput'],
      ['price', 'm:latency', 'quick', 'latency'],
      ['latency', 'm:cost', 'cheap', 'cost'],
      ['latency', 'm:balanced', 'cheap', 'balanced'],
    ];
    for (const [sort, model, first, profile] of rows) {
      const { attempts, profile: recorded } = await order({ sort }, model);
      assert.deepEqual([attempts[0], attempts.length, recorded], [first, 4, profile], model);
    }
  });

  test('`order` comes first, the others follow in the order of the profile', async (t) => {
    const { order } = await start(t);
    const rows: [provider: object, attempts: string[]][] = [
      [{ sort: 'price' }, ['cheap', 'quick', 'fast', 'spare']],
      [{ sort: 'price', order: ['fast'] }, ['fast', 'cheap', 'quick', 'spare']],
      [{ sort: 'price', order: ['fast', 'quick'] }, ['fast', 'quick', 'cheap', 'spare']],
      [{ sort: 'price', order: ['nobody', 'fast'] }, ['fast', 'cheap', 'quick', 'spare']],
    ];
    for (const [provider, attempts] of rows) {
      assert.deepEqual((await order(provider)).attempts, attempts);
    }
  });

  test('`allow_fallbacks: false` keeps to `order`, or to the best one', async (t) => {
    const { order } = await start(t);
    const alone = { allow_fallbacks: false };
    const rows: [provider: object, attempts: string[]][] = [
      [{ sort: 'price', ...alone }, ['cheap']],
      [{ sort: 'price', order: ['fast', 'quick'], ...alone }, ['fast', 'quick']],
      [{ sort: 'price', allow_fallbacks: true }, ['cheap', 'quick', 'fast', 'spare']],
    ];
    for (const [provider, attempts] of rows) {
      assert.deepEqual((await order(provider)).attempts, attempts);
    }
  });

  test('`only` and `ignore` leave endpoints out, those of fallbacks too', async (t) => {
    const { order } = await start(t);
    const rows: [provider: object, attempts: string[]][] = [
      [{ sort: 'price', only: ['fast', 'cheap'] }, ['cheap', 'fast']],
      [{ sort: 'price', only: ['fast', 'spare'] }, ['fast', 'spare']],
      [{ sort: 'price', ignore: ['cheap'] }, ['quick', 'fast', 'spare']],
      [{ sort: 'price', ignore: ['cheap', 'spare'] }, ['quick', 'fast']],
      [{ only: ['fast', 'cheap'], ignore: ['cheap'] }, ['fast']],
    ];
    for (const [provider, attempts] of rows) {
      assert.deepEqual((await order(provider)).attempts, attempts);
    }
  });

  test('`max_price` is in USD per million tokens, after the discount', async (t) => {
    const { order } = await start(t);
    const rows: [max_price: object, attempts: string[]][] = [
      [{ prompt: 4 }, ['cheap', 'quick', 'spare']],
      [{ prompt: '4.0' }, ['cheap', 'quick', 'spare']],
      [{ prompt: 3.999 }, ['cheap', 'spare']],
      [{ prompt: 0.5 }, ['cheap', 'spare']],
      [{ completion: 1 }, ['cheap', 'spare']],
      [{ completion: 2, prompt: 2 }, ['cheap', 'spare']],
      [{ prompt: 10, completion: 20 }, ['cheap', 'quick', 'spare']],
      [{}, ['cheap', 'quick', 'fast', 'spare']],
    ];
    for (const [max_price, attempts] of rows) {
      assert.deepEqual((await order({ sort: 'price', max_price })).attempts, attempts);
    }
  });

  test('when nothing is left the answer is 400, and nobody is asked', async (t) => {
    const { order, ask, upstream } = await start(t);
    for (const provider of [
      { only: [] },
      { only: ['nobody'] },
      { ignore: ['cheap', 'quick', 'fast'] },
      { max_price: { prompt: 0.499 } },
      { order: ['nobody'], allow_fallbacks: false },
    ]) {
      const { status, attempts } = await order(provider);
      assert.deepEqual([status, attempts], [400, []], JSON.stringify(provider));
      const { error } = (await (await ask({ model: 'm', provider })).json()) as {
        error: { code: string; message: string };
      };
      assert.equal(error.code, 'provider_not_allowed');
      assert.equal(
        error.message,
        "The request's `provider` field leaves no endpoint of model `m` (`quick`, `cheap`, `fast`).",
      );
    }
    assert.equal(upstream.seen.length, 0);
  });

  test('what it may not be is 400, and says where', async (t) => {
    const { ask, upstream } = await start(t);
    const rows: [provider: unknown, param: string, message: RegExp][] = [
      ['openai', 'provider', /must be an object/],
      [['openai'], 'provider', /must be an object/],
      [{ sort: 'cost' }, 'provider.sort', /one of price, latency, throughput/],
      [{ order: 'quick' }, 'provider.order', /a list of provider names/],
      [{ only: [1] }, 'provider.only', /a list of provider names/],
      [{ ignore: {} }, 'provider.ignore', /a list of provider names/],
      [{ allow_fallbacks: 'no' }, 'provider.allow_fallbacks', /true or false/],
      [{ max_price: 3 }, 'provider.max_price', /an object of prompt and completion/],
      [{ max_price: { image: 3 } }, 'provider.max_price', /an object of prompt and completion/],
      [{ max_price: { prompt: 'cheap' } }, 'provider.max_price.prompt', /USD per million tokens/],
      [{ max_price: { completion: -1 } }, 'provider.max_price.completion', /USD per million/],
      [{ data_collection: 'deny' }, 'provider.data_collection', /there are sort, order, only/],
    ];
    for (const [provider, param, message] of rows) {
      const response = await ask({ model: 'm', provider });
      assert.equal(response.status, 400, JSON.stringify(provider));
      const { error } = (await response.json()) as {
        error: { code: string; param: string; message: string };
      };
      assert.deepEqual([error.code, error.param], ['invalid_request', param]);
      assert.match(error.message, message);
    }
    assert.equal(upstream.seen.length, 0);
  });

  test('a null says nothing', async (t) => {
    const { order } = await start(t);
    const nothing = { sort: null, order: null, only: null, ignore: null, max_price: null };
    assert.equal((await order(nothing)).attempts.length, 4);
    assert.equal((await order({ allow_fallbacks: null })).attempts.length, 4);
  });

  test('it is removed before forwarding, and every other byte stays', async (t) => {
    const { ask, upstream } = await start(t);
    const members = oddMembers(
      'model',
      'provider',
      'stream',
      'max_tokens',
      'max_completion_tokens',
    );
    const property = fc.asyncProperty(members, members, space(), async (before, after, gap) => {
      const write = (...own: [string, string][]) =>
        writeObject([[...before, ...own, ...after], gap]);
      const response = await ask(
        write(['model', '"m"'], ['provider', '{"only":["cheap"], "sort" : "price"}']),
      );
      await response.text();
      assert.equal(response.headers.get('x-signalbox-provider'), 'cheap');
      assert.equal(upstream.seen.at(-1)?.body.toString(), write(['model', '"m"']));
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test('with one endpoint it belongs to the upstream, whatever it is', async (t) => {
    const { ask, upstream } = await start(t);
    for (const provider of ['"openai"', '{"order":["DeepInfra"],"zdr":true}', 'null', '[ 1 ]']) {
      const body = `{"model":"single","provider":${provider},"messages":[]}`;
      await (await ask(body)).text();
      assert.equal(upstream.seen.at(-1)?.body.toString(), body);
    }
  });

  for (const wire of WIRES) {
    test(`it works the same on ${wire.name}, and its errors have that API's shape`, async (t) => {
      const { proxy, upstream } = await start(t, { body: JSON.stringify(wire.answer) });
      const request = wire.request('m');
      const provider = { only: ['fast'] };
      const response = await proxy.post(wire.path('m'), { ...request, provider });
      assert.equal(response.headers.get('x-signalbox-provider'), 'fast');
      assert.deepEqual(JSON.parse(upstream.seen[0]?.body.toString() ?? ''), {
        ...request,
        ...('model' in request ? { model: 'm' } : {}),
      });
      const refused = await proxy.post(wire.path('m'), { ...request, provider: { sort: 'x' } });
      assert.equal(refused.status, 400);
      assert.equal(readError(wire, await refused.json()).code, 'invalid_request');
    });
  }
});
