import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { measureText } from '../../src/dialects/measure-text.ts';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';
import { plainAnswer, streamedAnswer, WIRES } from '../support/wires.ts';

const PROVIDERS = ['p0', 'p1', 'p2', 'p3', 'p4'];

const usd = fc.constantFrom(0, 0.001, 0.002, 0.01);

const pricing = fc.oneof(
  fc.constant('none'),
  fc.record({
    input: fc.record({ text_cost_per_1k_tokens: usd }),
    output: fc.record({ text_cost_per_1k_tokens: usd }),
  }),
);

const provider = fc.record({
  enabled: fc.constantFrom(true, true, true, false),
  byok: fc.constantFrom(true, false, false),
  self_hosted: fc.boolean(),
  discount_percent: fc.constantFrom(0, 0, 25),
});

const endpoint = fc.record({
  provider: fc.constantFrom(...PROVIDERS),
  pricing,
  hints: fc.constantFrom({}, {}, { ttft_ms: 100 }, { ttft_ms: 900, tokens_per_second: 40 }),
});

const endpoints = fc.uniqueArray(endpoint, {
  selector: (each) => each.provider,
  minLength: 1,
  maxLength: 5,
});

const setting = fc.record({
  providers: fc.tuple(provider, provider, provider, provider, provider),
  endpoints,
  exploreEvery: fc.constantFrom(0, 1, 2, 5),
});

const STATUSES = [200, 200, 200, 200, 400, 401, 429, 429, 500, 503];

const step = fc.record({
  suffix: fc.constantFrom('', '', ':cost', ':latency', ':latency', ':throughput', ':discount'),
  stream: fc.boolean(),
  wire: fc.constantFrom(...WIRES.filter(({ name }) => name !== 'gemini')),
  text: fc.constantFrom('Hi', 'word '.repeat(2000)),
  maxTokens: fc.constantFrom(1, 100, 5000),
  advanceMs: fc.constantFrom(0, 10, 1000, 30_000),
  /** How each upstream answers, and how long it takes. */
  statuses: fc.array(fc.constantFrom(...STATUSES), { minLength: 5, maxLength: 5 }),
  delays: fc.array(fc.constantFrom(5, 50, 500), { minLength: 5, maxLength: 5 }),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Setting = typeof setting extends fc.Arbitrary<infer Value> ? Value : never;

const LIMITS = {
  chat: 'max_tokens',
  responses: 'max_output_tokens',
  messages: 'max_tokens',
} as const;

/** A proxy for that setting, whose upstreams do what the step under way says. */
async function start(t: TestContext, { providers, endpoints: declared, exploreEvery }: Setting) {
  const clock = createTestClock();
  let current: Step | null = null;
  const upstream = await fakeUpstream(t, ({ headers }): FakeAnswer | undefined => {
    const index = PROVIDERS.indexOf(String(headers['x-provider']));
    clock.advance(current?.delays[index] ?? 0);
    const status = current?.statuses[index] ?? 200;
    if (status === 429) return { status, headers: { 'retry-after': '20' } };
    if (status !== 200 || current === null) return { status };
    return current.stream ? streamedAnswer(current.wire) : plainAnswer(current.wire);
  });
  const { up } = oneModelConfig(upstream.url)['providers'] as { up: { config: object } };
  const configured = PROVIDERS.map((name, index) => {
    const config = { ...up.config, headers: { 'x-provider': name } };
    return [name, { ...up, ...providers[index], config }] as const;
  });
  const proxy = await startProxy(
    t,
    {
      providers: Object.fromEntries(configured),
      models: { m: { endpoints: declared } },
      routing: { explore_every: exploreEvery, min_samples: 1, circuit: { failures: 2 } },
    },
    { clock },
  );
  const play = async (asked: Step) => {
    current = asked;
    clock.advance(asked.advanceMs);
    const { wire, suffix, stream, text, maxTokens } = asked;
    const model = `m${suffix}`;
    const request = { ...wire.request(model, stream), [LIMITS[wire.name as 'chat']]: maxTokens };
    const body = JSON.stringify(request).replace('Hi', text);
    const inputTokens = Math.ceil(measureText(Buffer.from(body)) / 4);
    const query = `model=${model}&surface=${wire.name}&input_tokens=${inputTokens}&max_tokens=${maxTokens}`;
    const route = await fetch(`${proxy.url}/v1/route?${query}`);
    const explained = (await route.json()) as { endpoints?: { rank: number; provider: string }[] };
    const response = await proxy.post(wire.path(model), body);
    await response.text();
    const [line] = (await proxy.ledger()).slice(-1);
    const attempts = line?.routing?.attempts?.map((attempt) => attempt['provider']) ?? [];
    const told = explained.endpoints?.filter(({ rank }) => rank !== null) ?? [];
    return { route, response, attempts, told: told.map((each) => each.provider) };
  };
  return { play };
}

describe('what `GET /v1/route` says and what the next call does', () => {
  test('CLI-4: the call tries the endpoints that were named, in that order', async (t) => {
    let tried = 0;
    const property = fc.asyncProperty(
      setting,
      fc.array(step, { minLength: 8, maxLength: 16 }),
      async (config, steps) => {
        const { play } = await start(t, config);
        for (const asked of steps) {
          const { route, response, attempts, told } = await play(asked);
          assert.deepEqual(attempts, told.slice(0, attempts.length), JSON.stringify(asked));
          assert.equal(attempts.length > 0, told.length > 0);
          if (route.status !== 200) assert.equal(response.status, route.status);
          tried += attempts.length;
        }
      },
    );
    await fc.assert(property, { numRuns: 25, endOnFailure: true });
    assert.ok(tried > 100);
  });
});
