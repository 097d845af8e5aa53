import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describePricing } from '../../src/usage/describe-pricing.ts';
import { compilePricing } from '../../src/usage/pricing.ts';
import { pricingSchema } from '../../src/usage/pricing-schema.ts';

function described(block: unknown, discountBasisPoints = 0) {
  return describePricing(compilePricing(pricingSchema.parse(block), 'config'), discountBasisPoints);
}

describe('describePricing', () => {
  test('tokens are in USD per 1,000, and inherited rates are left out', () => {
    const price = described({
      input: { text_cost_per_1k_tokens: 0.002, image_cost_per_1k_tokens: 0.003 },
      output: { text_cost_per_1k_tokens: 0.008 },
    });
    assert.deepEqual(price, { input_text: '0.002', input_image: '0.003', output_text: '0.008' });
  });

  test('what is billed by the piece has the name and the amount of its key in the config', () => {
    const units = { image: 0.04, audio_second: 0.0001, character_1k: 0.015, web_search: 0.01 };
    assert.deepEqual(described({ units }), {
      image: '0.04',
      audio_second: '0.0001',
      character_1k: '0.015',
      web_search: '0.01',
    });
  });

  test('the discount is taken off', () => {
    assert.deepEqual(described({ units: { audio_second: 0.0001 } }, 5_000), {
      audio_second: '0.00005',
    });
  });
});
