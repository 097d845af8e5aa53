import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compilePricing, ratesFor } from '../../src/usage/pricing.ts';
import { pricingSchema } from '../../src/usage/pricing-schema.ts';

function compile(block: unknown) {
  return compilePricing(pricingSchema.parse(block), 'config');
}

describe('compilePricing', () => {
  test('MON-3 a modality or reasoning without a rate costs what text of its direction does', () => {
    const { tokens } = compile({
      input: { text_cost_per_1k_tokens: 0.002, audio_cost_per_1k_tokens: 0.03 },
      output: { text_cost_per_1k_tokens: 0.008 },
    }).base;
    assert.equal(tokens.input_image, 2_000_000n);
    assert.equal(tokens.input_document, 2_000_000n);
    assert.equal(tokens.input_audio, 30_000_000n);
    assert.equal(tokens.tool_prompt, 2_000_000n);
    assert.equal(tokens.output_video, 8_000_000n);
    assert.equal(tokens.reasoning, 8_000_000n);
  });

  test('MON-3 an explicit 0 is free and no missing rate', () => {
    const { tokens } = compile({
      input: { text_cost_per_1k_tokens: 0.002, image_cost_per_1k_tokens: 0 },
      output: { text_cost_per_1k_tokens: 0.008, reasoning_cost_per_1k_tokens: 0 },
      tools: { input_cost_per_1k_tokens: 0 },
    }).base;
    assert.equal(tokens.input_image, 0n);
    assert.equal(tokens.cache_read_image, 0n);
    assert.equal(tokens.reasoning, 0n);
    assert.equal(tokens.tool_prompt, 0n);
  });

  test('MON-3 what nothing prices stays null', () => {
    const { tokens } = compile({ input: { text_cost_per_1k_tokens: 1 } }).base;
    assert.equal(tokens.output_text, null);
    assert.equal(tokens.reasoning, null);
    assert.equal(tokens.image, null);
  });

  test('MON-1 cached input costs its own kind less the percent, half a nano up', () => {
    const { tokens } = compile({
      input: { text_cost_per_1k_tokens: '0.000000005', audio_cost_per_1k_tokens: 0.04 },
      cached_input_discount_percent: 12.5,
    }).base;
    assert.equal(tokens.cache_read_text, 4n, '5 less 12.5 % is 4.375');
    assert.equal(tokens.cache_read_audio, 35_000_000n);
    const half = compile({
      input: { text_cost_per_1k_tokens: '0.000000005' },
      cached_input_discount_percent: 50,
    });
    assert.equal(half.base.tokens.cache_read_text, 3n);
  });

  test('MON-1 a cache-read rate wins over the percent, for every kind of input', () => {
    const { tokens } = compile({
      input: { text_cost_per_1k_tokens: 0.002, audio_cost_per_1k_tokens: 0.04 },
      cached_input_discount_percent: 50,
      cache_read_cost_per_1k_tokens: 0.0002,
    }).base;
    assert.equal(tokens.cache_read_text, 200_000n);
    assert.equal(tokens.cache_read_audio, 200_000n);
  });

  test('MON-1 without either, cached input costs what fresh input does', () => {
    const { tokens } = compile({ input: { text_cost_per_1k_tokens: 0.002 } }).base;
    assert.equal(tokens.cache_read_text, 2_000_000n);
  });

  test('MON-1 cache writes default to the input rate; 30 minutes go with 5, 12 hours with 1', () => {
    const input = { text_cost_per_1k_tokens: 0.003 };
    const plain = compile({ input }).base.tokens;
    assert.equal(plain.cache_write_5m, 3_000_000n);
    assert.equal(plain.cache_write_12h, 3_000_000n);
    const named = compile({
      input,
      cache_write_5m_cost_per_1k_tokens: 0.00375,
      cache_write_1h_cost_per_1k_tokens: 0.006,
    }).base.tokens;
    assert.equal(named.cache_write_30m, 3_750_000n);
    assert.equal(named.cache_write_12h, 6_000_000n);
  });

  test('MON-1 a tier inherits what it does not name, before fallbacks', () => {
    const pricing = compile({
      input: { text_cost_per_1k_tokens: 3, audio_cost_per_1k_tokens: 5 },
      output: { text_cost_per_1k_tokens: 15 },
      cached_input_discount_percent: 90,
      tiers: [{ above_input_tokens: 200_000, input: { text_cost_per_1k_tokens: 6 } }],
    });
    const long = ratesFor(pricing, 'tokens', 200_001);
    assert.equal(long.input_text, 6_000_000_000n);
    assert.equal(long.input_image, 6_000_000_000n, 'falls back to the text rate of the tier');
    assert.equal(long.input_audio, 5_000_000_000n);
    assert.equal(long.cache_read_text, 600_000_000n);
    assert.equal(long.output_text, 15_000_000_000n);
  });

  test('MON-1 embeddings have their own rate for text, else that of input', () => {
    const both = compile({
      input: { text_cost_per_1k_tokens: 2, image_cost_per_1k_tokens: 7 },
      embeddings_cost_per_1k_tokens: 1,
    });
    assert.equal(both.base.embeddings.input_text, 1_000_000_000n);
    assert.equal(both.base.embeddings.input_image, 7_000_000_000n);
    assert.equal(both.base.tokens.input_text, 2_000_000_000n);
    const input = compile({ input: { text_cost_per_1k_tokens: 2 } });
    assert.equal(input.base.embeddings.input_text, 2_000_000_000n);
    const embeddings = compile({ embeddings_cost_per_1k_tokens: 1 });
    assert.equal(embeddings.base.embeddings.input_text, 1_000_000_000n);
    assert.equal(embeddings.base.tokens.input_text, null);
  });
});

describe('ratesFor', () => {
  test('MON-1 takes the highest tier that the input is above, in whatever order they stand', () => {
    const tier = (above: number, usd: number) => ({
      above_input_tokens: above,
      input: { text_cost_per_1k_tokens: usd },
    });
    const pricing = compile({
      input: { text_cost_per_1k_tokens: 1 },
      tiers: [tier(100, 2), tier(1000, 3), tier(500, 4)],
    });
    const usdAt = (tokens: number) => Number(ratesFor(pricing, 'tokens', tokens).input_text) / 1e9;
    assert.deepEqual([0, 100, 101, 500, 501, 1000, 1001].map(usdAt), [1, 1, 2, 2, 4, 4, 3]);
  });
});
