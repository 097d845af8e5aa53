import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Pricing } from '../../src/usage/pricing.ts';
import { catalogOf } from './catalog-of.ts';

const PROVIDERS = `
providers:
  openai: { type: OPENAI, keys: { k: x } }
  custom: { type: CUSTOM, base_url: "http://10.0.0.1" }
`;

const price = (usd: number) => `pricing: { input: { text_cost_per_1k_tokens: ${usd} } }`;

/** Nanos per 1,000 tokens of input text, or null. */
function rate(pricing: Pricing | null | undefined): number | null {
  const nanos = pricing?.base.tokens.input_text ?? null;
  return nanos === null ? null : Number(nanos);
}

async function rates(text: string, model = 'm'): Promise<(number | null)[][]> {
  const { models } = await catalogOf(PROVIDERS + text, { at: Date.UTC(2026, 0, 1) });
  const { endpoints = [] } = models.get(model) ?? {};
  return endpoints.map(({ rankPricing, billPricing }) => [rate(rankPricing), rate(billPricing)]);
}

describe('priceEndpoint (MON-5)', () => {
  test('an endpoint’s own price beats the model’s', async () => {
    const endpoints = `endpoints: [{ provider: custom, ${price(0.002)} }, { provider: custom }]`;
    assert.deepEqual(await rates(`models: { m: { ${endpoints}, ${price(0.001)} } }`), [
      [2_000_000, 2_000_000],
      [1_000_000, 1_000_000],
    ]);
  });

  test('a variant’s own price bills, and its model’s price ranks', async () => {
    const text = `
models: { m: { endpoints: [{ provider: custom, ${price(0.002)} }], ${price(0.001)} } }
variants: { v: { model: m, ${price(0.009)} }, w: { model: m } }`;
    assert.deepEqual(await rates(text, 'v'), [[2_000_000, 9_000_000]]);
    assert.deepEqual(await rates(text, 'w'), [[2_000_000, 2_000_000]]);
  });

  test('without a price the bundled list is asked', async () => {
    const text = 'models: { m: { provider: openai, slug: gpt-4o } }';
    assert.deepEqual(await rates(text), [[2_500_000, 2_500_000]]);
    const { models } = await catalogOf(PROVIDERS + text);
    assert.match(models.get('m')?.endpoints[0]?.billPricing?.source ?? '', /^list: openai\/gpt-4o/);
  });

  test('the list prices a wildcard’s models by the name that is asked for', async () => {
    const { wildcards } = await catalogOf(
      `${PROVIDERS}models: { "openai/*": { provider: openai, slug: "*" } }`,
    );
    assert.equal(rate(wildcards[0]?.bind('openai/gpt-4o').endpoints[0]?.billPricing), 2_500_000);
    assert.equal(rate(wildcards[0]?.bind('openai/nonesuch').endpoints[0]?.billPricing), null);
  });

  test('`none` ends the search at every level (MON-4)', async () => {
    const model = `provider: openai, slug: gpt-4o`;
    assert.deepEqual(await rates(`models: { m: { ${model}, pricing: none } }`), [[null, null]]);
    const endpoint = '{ provider: openai, slug: gpt-4o, pricing: none }';
    assert.deepEqual(await rates(`models: { m: { endpoints: [${endpoint}], ${price(1)} } }`), [
      [null, null],
    ]);
    const text = `models: { m: { ${model} } }\nvariants: { v: { model: m, pricing: none } }`;
    assert.deepEqual(await rates(text, 'v'), [[2_500_000, null]]);
  });

  test('an explicit 0 is a price, and an empty block is none', async () => {
    assert.deepEqual(await rates(`models: { m: { provider: custom, ${price(0)} } }`), [[0, 0]]);
    const empty = 'models: { m: { provider: openai, slug: gpt-4o, pricing: {} } }';
    assert.deepEqual(await rates(empty), [[2_500_000, 2_500_000]]);
  });

  test('what nobody prices has no price, not 0 (MON-4)', async () => {
    assert.deepEqual(await rates('models: { m: { provider: custom } }'), [[null, null]]);
  });
});
