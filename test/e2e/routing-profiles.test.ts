import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';
import { timedUpstream } from '../support/timed-upstream.ts';

const price = (input: number, output: number) => ({
  input: { text_cost_per_1k_tokens: input },
  output: { text_cost_per_1k_tokens: output },
});

/** One upstream that is quick and dear, and one that is slow and cheap. */
async function start(t: TestContext, routing: object = {}) {
  const clock = createTestClock();
  const quick = await timedUpstream(t, clock, { ttftMs: 50, generationMs: 500 });
  const slow = await timedUpstream(t, clock, { ttftMs: 400, generationMs: 4000 });
  const { up } = oneModelConfig(quick.url)['providers'] as { up: object };
  const endpoints = [
    { provider: 'quick', pricing: price(0.01, 0.03) },
    { provider: 'slow', pricing: price(0.001, 0.003) },
  ];
  const config = {
    providers: { quick: up, slow: { ...up, base_url: slow.url } },
    models: { m: { endpoints } },
    routing,
  };
  const proxy = await startProxy(t, config, { clock });
  /** The providers that answered that many calls, one after the other. */
  const ask = async (model: string, calls: number, stream = true) => {
    const providers: (string | null)[] = [];
    for (let call = 0; call < calls; call += 1) {
      const messages = [{ role: 'user', content: 'Hi' }];
      const response = await proxy.post('/v1/chat/completions', { model, stream, messages });
      quick.finish();
      slow.finish();
      await response.text();
      providers.push(response.headers.get('x-signalbox-provider'));
    }
    return providers;
  };
  return { ask, clock, proxy };
}

const times = (count: number, provider: string) => Array(count).fill(provider);

describe('profiles between a quick dear and a slow cheap endpoint', () => {
  test('ROU-3: `:cost` takes the cheap one, always', async (t) => {
    const { ask } = await start(t);
    assert.deepEqual(await ask('m:latency', 16), [
      ...times(4, 'slow'),
      'quick',
      ...times(4, 'slow'),
      'quick',
      ...times(4, 'slow'),
      'quick',
      'quick',
    ]);
    assert.deepEqual(await ask('m:cost', 20), times(20, 'slow'));
    assert.deepEqual(await ask('m:cost', 5, false), times(5, 'slow'));
  });

  test('ROU-4, ROU-6: `:latency` finds the quick one within 30 streamed calls, and stays', async (t) => {
    const { ask } = await start(t);
    const found = await ask('m:latency', 30);
    assert.ok(found.includes('slow'));
    assert.deepEqual(found.slice(15), times(15, 'quick'));
    assert.deepEqual(await ask('m:latency', 20), times(20, 'quick'));
  });

  test('ROU-4: `:throughput` finds the fast one, from answers that are not streamed too', async (t) => {
    for (const stream of [true, false]) {
      const { ask } = await start(t);
      const found = await ask('m:throughput', 30, stream);
      assert.deepEqual(found.slice(15), times(15, 'quick'));
    }
  });

  test('ROU-4: `:latency` learns only from streams, whose first token can be seen', async (t) => {
    const { ask } = await start(t);
    assert.deepEqual(new Set(await ask('m:latency', 30, false)), new Set(['slow']));
  });

  test('ROU-6: `explore_every` says how often, and 0 is never', async (t) => {
    const eager = await start(t, { explore_every: 2, min_samples: 1 });
    assert.deepEqual(await eager.ask('m:latency', 4), ['slow', ...times(3, 'quick')]);
    const never = await start(t, { explore_every: 0 });
    assert.deepEqual(await never.ask('m:latency', 30), times(30, 'slow'));
  });

  test('ROU-6: bare names and `:cost` never explore, and do not count', async (t) => {
    const { ask } = await start(t, { explore_every: 2 });
    assert.deepEqual(await ask('m', 10), times(10, 'slow'));
    assert.deepEqual(await ask('m:latency', 1), ['slow']);
    assert.deepEqual(await ask('m:cost', 3), times(3, 'slow'));
    assert.deepEqual(await ask('m:latency', 1), ['quick']);
  });

  test('ROU-5: the balanced order takes up what was measured', async (t) => {
    const { ask } = await start(t, { weights: { cost: 0.1, latency: 1, throughput: 1 } });
    assert.deepEqual(await ask('m', 3), times(3, 'slow'));
    await ask('m:latency', 20);
    assert.deepEqual(await ask('m', 3), times(3, 'quick'));
  });

  test('ROU-6: measurements are forgotten after the window', async (t) => {
    const { ask, clock } = await start(t, { window: '1h' });
    await ask('m:latency', 20);
    assert.deepEqual(await ask('m:latency', 1), ['quick']);
    clock.advance(3_600_000);
    assert.deepEqual(await ask('m:latency', 1), ['slow']);
  });
});

describe('`:cost` between two shapes of price', () => {
  const words = (tokens: number) => 'abc '.repeat(tokens);

  async function startShapes(t: TestContext) {
    const clock = createTestClock();
    const timing = { ttftMs: 1, generationMs: 1 };
    const upstream = await timedUpstream(t, clock, timing);
    const { up } = oneModelConfig(upstream.url)['providers'] as { up: object };
    const endpoints = [
      { provider: 'cheap-in', pricing: price(0.001, 0.01) },
      { provider: 'cheap-out', pricing: price(0.002, 0.002) },
    ];
    const proxy = await startProxy(
      t,
      {
        providers: { 'cheap-in': up, 'cheap-out': up },
        models: { m: { endpoints } },
        routing: { expected_output_tokens: 1000 },
      },
      { clock },
    );
    return async (request: object) => {
      const response = await proxy.post('/v1/chat/completions', { model: 'm:cost', ...request });
      return response.headers.get('x-signalbox-provider');
    };
  }

  // In against out: n × 0.001 + o × 0.01 is below n × 0.002 + o × 0.002 from n = 8 × o on.
  test('ROU-3: the cheaper one depends on the length of the prompt', async (t) => {
    const ask = await startShapes(t);
    const limited = (tokens: number) =>
      ask({ max_tokens: 100, messages: [{ role: 'user', content: words(tokens) }] });
    assert.equal(await limited(700), 'cheap-out');
    assert.equal(await limited(900), 'cheap-in');
  });

  test('ROU-3: and on the output limit, for which `expected_output_tokens` stands in', async (t) => {
    const ask = await startShapes(t);
    const messages = [{ role: 'user', content: words(4000) }];
    assert.equal(await ask({ messages, max_tokens: 400 }), 'cheap-in');
    assert.equal(await ask({ messages, max_tokens: 600 }), 'cheap-out');
    assert.equal(await ask({ messages, max_completion_tokens: 400, max_tokens: 600 }), 'cheap-in');
    assert.equal(await ask({ messages }), 'cheap-out');
    const long = [{ role: 'user', content: words(9000) }];
    assert.equal(await ask({ messages: long }), 'cheap-in');
  });
});
