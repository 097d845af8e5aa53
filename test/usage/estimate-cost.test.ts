import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createTokenUsage, OUTPUT_BUCKETS, TOKEN_BUCKETS } from '../../src/core/token-usage.ts';
import { estimateCost, worstCaseCost } from '../../src/usage/estimate-cost.ts';
import { priceUsage } from '../../src/usage/price-usage.ts';
import { compilePricing } from '../../src/usage/pricing.ts';
import { pricingSchema } from '../../src/usage/pricing-schema.ts';

const pricing = compilePricing(
  pricingSchema.parse({
    input: { text_cost_per_1k_tokens: '0.003', audio_cost_per_1k_tokens: 0.01 },
    output: { text_cost_per_1k_tokens: 0.015, reasoning_cost_per_1k_tokens: 0.02 },
    cache_write_1h_cost_per_1k_tokens: 0.006,
    tiers: [{ above_input_tokens: 1000, input: { text_cost_per_1k_tokens: 0.006 } }],
  }),
  'config',
);
const call = { pricing, kind: 'tokens', discountBasisPoints: 0 } as const;

describe('estimateCost', () => {
  test('ROU-3 prices fresh text, in the tier of its input, after the discount', () => {
    assert.equal(estimateCost({ ...call, inputTokens: 1000, outputTokens: 100 }), 4_500_000n);
    assert.equal(estimateCost({ ...call, inputTokens: 1001, outputTokens: 0 }), 6_006_000n);
    const discounted = { ...call, discountBasisPoints: 2_500 };
    assert.equal(estimateCost({ ...discounted, inputTokens: 1000, outputTokens: 0 }), 2_250_000n);
  });

  test('a fraction of a token counts as one', () => {
    assert.equal(estimateCost({ ...call, inputTokens: 0.25, outputTokens: 0 }), 3_000n);
  });

  test('MON-4 is null where a direction that the call uses has no price', () => {
    const inputOnly = compilePricing(
      pricingSchema.parse({ embeddings_cost_per_1k_tokens: 0.001 }),
      'config',
    );
    const embedding = { ...call, pricing: inputOnly, inputTokens: 10, outputTokens: 0 };
    assert.equal(estimateCost({ ...embedding, kind: 'embeddings' }), 10_000n);
    assert.equal(estimateCost({ ...embedding, kind: 'embeddings', outputTokens: 1 }), null);
    assert.equal(worstCaseCost({ ...embedding, kind: 'tokens' }), null);
  });
});

describe('worstCaseCost', () => {
  test('BUD-2 takes the dearest rate of each direction, and leaves room for rounding', () => {
    assert.equal(worstCaseCost({ ...call, inputTokens: 100, outputTokens: 100 }), 3_000_020n);
    assert.equal(worstCaseCost({ ...call, inputTokens: 0, outputTokens: 0 }), 0n);
  });

  test('BUD-2 no call of so many tokens costs more', () => {
    const counts = fc.array(fc.nat(2_000), {
      minLength: TOKEN_BUCKETS.length,
      maxLength: TOKEN_BUCKETS.length,
    });
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 10_000 }), (numbers, discountBasisPoints) => {
        const usage = createTokenUsage();
        let inputTokens = 0;
        let outputTokens = 0;
        for (const [index, bucket] of TOKEN_BUCKETS.entries()) {
          const count = numbers[index]!;
          usage.tokens[bucket] = count;
          if (OUTPUT_BUCKETS.includes(bucket)) outputTokens += count;
          else inputTokens += count;
        }
        const terms = { pricing, kind: 'tokens', discountBasisPoints } as const;
        const most = worstCaseCost({ ...terms, inputTokens, outputTokens });
        const { total } = priceUsage({ ...terms, usage });
        assert.ok(total !== null && most !== null && total <= most);
      }),
    );
  });
});
