import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { pricingSchema } from '../../src/usage/pricing-schema.ts';

function problems(block: unknown): string[] {
  const { error } = pricingSchema.safeParse(block);
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

interface JsonSchemaNode {
  description?: string;
  properties?: Record<string, JsonSchemaNode>;
  items?: JsonSchemaNode;
}

function* undescribed(node: JsonSchemaNode, path: string): Generator<string> {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    if (!child.description) yield `${path}${key}`;
    yield* undescribed(child, `${path}${key}.`);
  }
  if (node.items) yield* undescribed(node.items, `${path}*.`);
}

describe('pricingSchema', () => {
  test('MON-1 accepts every key of the documented shape', () => {
    const rates = {
      input: {
        text_cost_per_1k_tokens: 0.005,
        image_cost_per_1k_tokens: 0,
        audio_cost_per_1k_tokens: 0,
        video_cost_per_1k_tokens: 0,
        reasoning_cost_per_1k_tokens: 0,
      },
      output: {
        text_cost_per_1k_tokens: 0.015,
        image_cost_per_1k_tokens: '0.04',
        audio_cost_per_1k_tokens: 0.1,
        video_cost_per_1k_tokens: 0.2,
        reasoning_cost_per_1k_tokens: 0.015,
      },
      cached_input_discount_percent: 50,
      cache_read_cost_per_1k_tokens: 0.0005,
      cache_write_5m_cost_per_1k_tokens: 0.00625,
      cache_write_1h_cost_per_1k_tokens: 0.01,
      tools: {
        definition_cost_per_1k_tokens: 0,
        input_cost_per_1k_tokens: 0,
        output_cost_per_1k_tokens: 0,
      },
      embeddings_cost_per_1k_tokens: 0,
      units: { image: 0.04, audio_second: 0.0001, character_1k: 0.015, web_search: 0.01 },
    };
    const sheet = pricingSchema.parse({
      ...rates,
      tiers: [{ above_input_tokens: 200_000, ...rates }],
    });
    assert.equal(sheet.named.input_text, 5_000_000n);
    assert.equal(sheet.named.output_image, 40_000_000n);
    assert.equal(sheet.named.cache_write_1h, 10_000_000n);
    assert.equal(sheet.named.web_search, 10_000_000n);
    assert.equal(sheet.named.audio_ms, 360_000_000n, 'nanos per hour of audio');
    assert.equal(sheet.cachedDiscount, 50n * 10n ** 9n);
    assert.equal(sheet.tiers[0]?.aboveInputTokens, 200_000);
    assert.deepEqual(sheet.tiers[0]?.named, sheet.named);
  });

  test('CFG-2 an unknown key is an error at its place', () => {
    assert.deepEqual(problems({ input: { text_cost_per_1k: 1 } }), [
      'input: Unrecognized key: "text_cost_per_1k"',
    ]);
    assert.deepEqual(problems({ tiers: [{ above_input_tokens: 1, unit: {} }] }), [
      'tiers.0: Unrecognized key: "unit"',
    ]);
  });

  test('MON-2 a price finer than a nano is an error at its key', () => {
    assert.deepEqual(problems({ input: { text_cost_per_1k_tokens: '0.00000000015' } }), [
      'input.text_cost_per_1k_tokens: "0.00000000015" has more than 9 decimals',
    ]);
  });

  test('MON-1 a price is no negative and no word, and a percent is at most 100', () => {
    assert.deepEqual(
      problems({
        embeddings_cost_per_1k_tokens: -1,
        units: { image: 'free' },
        cached_input_discount_percent: 100.5,
      }),
      [
        'embeddings_cost_per_1k_tokens: "-1" is negative; it is 0 or more US dollars',
        'units.image: "free" is not a decimal number',
        'cached_input_discount_percent: "100.5" is not between 0 and 100',
      ],
    );
  });

  test('MON-1 a price that is neither number nor text is told what it has to be', () => {
    assert.deepEqual(problems({ units: { image: true } }), [
      'units.image: Expected a decimal number',
    ]);
  });

  test('MON-1 two tiers of the same threshold are an error', () => {
    const tiers = [{ above_input_tokens: 5 }, { above_input_tokens: 5 }];
    assert.deepEqual(problems({ tiers }), ['tiers: Two tiers have the same above_input_tokens']);
  });

  test('CLI-10 its JSON Schema describes every key', () => {
    const schema = z.toJSONSchema(pricingSchema, { io: 'input' }) as JsonSchemaNode;
    assert.deepEqual([...undescribed(schema, '')], []);
  });
});
