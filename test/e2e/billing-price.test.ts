import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { startProxy } from '../support/start-proxy.ts';
import { WIRES } from '../support/wires.ts';

const [chat] = WIRES;
assert.ok(chat);

/** A pricing that makes the bill of 10 tokens in and 5 out this many nanos times 15. */
const flat = (nanos: number) => {
  const text_cost_per_1k_tokens = nanos / 1_000_000;
  return { input: { text_cost_per_1k_tokens }, output: { text_cost_per_1k_tokens } };
};

/** Asks for each model, and returns what the ledger billed. */
async function bill(
  t: TestContext,
  config: (baseUrl: string) => Record<string, unknown>,
  models: readonly string[],
) {
  const upstream = await fakeUpstream(t, { body: JSON.stringify(chat?.answer) });
  const proxy = await startProxy(t, config(upstream.url));
  for (const model of models) {
    const response = await proxy.post('/v1/chat/completions', { model, messages: [] });
    assert.equal(response.status, 200, model);
  }
  return (await proxy.ledger()).map(({ cost_nanos_usd: cost, cost_reason: reason, billing }) => ({
    cost,
    reason,
    billing,
  }));
}

describe('the price that is billed', () => {
  test("MON-5: the variant's, else the endpoint's, else the model's, else the bundled list's", async (t) => {
    const provider = 'up';
    const config = (base_url: string) => ({
      providers: { up: { type: 'OPENAI', base_url, keys: { main: 'sk-1' } } },
      models: {
        listed: { provider, slug: 'gpt-4o' },
        priced: { provider, slug: 'gpt-4o', pricing: flat(100) },
        endpoint: {
          endpoints: [{ provider, slug: 'gpt-4o', pricing: flat(200) }],
          pricing: flat(100),
        },
      },
      variants: {
        'listed-ana': { model: 'listed', pricing: flat(300) },
        'endpoint-ana': { model: 'endpoint', pricing: flat(300) },
        'endpoint-bob': { model: 'endpoint' },
      },
    });
    const bills = await bill(t, config, [
      'listed',
      'priced',
      'endpoint',
      'listed-ana',
      'endpoint-ana',
      'endpoint-bob',
    ]);
    // The list's gpt-4o: 2.50 USD per million tokens in, 10 USD out.
    const fromList = 10 * 2_500 + 5 * 10_000;
    assert.deepEqual(
      bills.map(({ cost }) => cost),
      [fromList, 1_500, 3_000, 4_500, 4_500, 3_000],
    );
    assert.deepEqual(bills[0]?.billing, { input_text: 25_000, output_text: 50_000 });
  });

  test('MON-4: without any price the cost is null with its reason, an explicit 0 is free', async (t) => {
    const provider = 'up';
    const config = (base_url: string) => ({
      providers: { up: { type: 'CUSTOM', base_url } },
      models: {
        unknown: { provider, slug: 'no-list-knows-it' },
        none: { provider, slug: 'gpt-4o', pricing: 'none' },
        half: { provider, pricing: { input: { text_cost_per_1k_tokens: 1 } } },
        free: { provider, pricing: flat(0) },
      },
    });
    const bills = await bill(t, config, ['unknown', 'none', 'half', 'free']);
    const unpriced = { cost: null, reason: 'unpriced', billing: undefined };
    assert.deepEqual(bills.slice(0, 3), [unpriced, unpriced, unpriced]);
    const free = { cost: 0, reason: undefined, billing: { input_text: 0, output_text: 0 } };
    assert.deepEqual(bills[3], free);
  });

  test("ROU-8, MON-5: the provider's discount comes off last, and each line is rounded half up", async (t) => {
    const config = (base_url: string) => ({
      providers: { up: { type: 'CUSTOM', base_url, discount_percent: 33.33, self_hosted: true } },
      models: { m: { provider: 'up', pricing: flat(101) } },
      variants: { 'm-ana': { model: 'm', pricing: flat(7) } },
    });
    const bills = await bill(t, config, ['m', 'm:discount', 'm-ana']);
    // 1010 × 0.6667 = 673.367 and 505 × 0.6667 = 336.6835; 70 × 0.6667 = 46.669, 35 × 0.6667 = 23.3345.
    assert.deepEqual(
      bills.map(({ cost, billing }) => [cost, billing]),
      [
        [1_010, { input_text: 673, output_text: 337 }],
        [1_010, { input_text: 673, output_text: 337 }],
        [70, { input_text: 47, output_text: 23 }],
      ],
    );
  });
});
