import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './catalog-of.ts';

const PROVIDERS = 'providers: { p: { type: OPENAI, keys: { a: os.environ/K } } }';

function problems(models: string): Promise<string[]> {
  const input = { environment: { K: 'sk-x' }, comparesPrices: true };
  return problemsOf(`${PROVIDERS}\nmodels: { ${models} }`, input);
}

const price = (input: number, output: number) =>
  `pricing: { input: { text_cost_per_1k_tokens: ${input} }, output: { text_cost_per_1k_tokens: ${output} } }`;

describe('checkListPrices (MON-1)', () => {
  test('a price per million or per token is told, with what the list says', async () => {
    assert.deepEqual(await problems(`gpt-4.1: { provider: p, ${price(2, 8)} }`), [
      'warning models.gpt-4.1.pricing.input.text_cost_per_1k_tokens: is USD per 1,000 tokens; the price list says 0.002: was it per million?',
    ]);
    const endpoints = `endpoints: [{ provider: p, slug: gpt-4.1, ${price(0.002, 0.000008)} }]`;
    assert.deepEqual(await problems(`m: { ${endpoints} }`), [
      'warning models.m.endpoints[0].pricing.output.text_cost_per_1k_tokens: is USD per 1,000 tokens; the price list says 0.008: was it per token?',
    ]);
  });

  test('other prices, free ones and models that the list lacks are left alone', async () => {
    assert.deepEqual(await problems(`gpt-4.1: { provider: p, ${price(0.015, 0.001)} }`), []);
    assert.deepEqual(await problems(`gpt-4.1: { provider: p, ${price(0, 0)} }`), []);
    assert.deepEqual(await problems(`gpt-4.1: { provider: p, pricing: none }`), []);
    assert.deepEqual(await problems(`of-our-own: { provider: p, ${price(2, 8)} }`), []);
  });
});
