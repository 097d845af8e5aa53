import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readResponsesUsage } from '../../../src/dialects/openai-responses/usage.ts';
import { nonzeroTokens } from '../../support/nonzero-tokens.ts';

function tokensOf(usage: object) {
  return nonzeroTokens(readResponsesUsage({ usage }));
}

describe('readResponsesUsage', () => {
  test('X-52, V1: cache writes are a slice of the input', () => {
    const usage = {
      input_tokens: 18014,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 18011 },
      output_tokens: 5,
    };
    assert.deepEqual(tokensOf(usage), { inText: 3, cacheWrite30m: 18011, outText: 5 });
  });

  test('X-52, V2: cache reads are a slice of the input', () => {
    const usage = {
      input_tokens: 18014,
      input_tokens_details: { cached_tokens: 18011, cache_write_tokens: 0 },
    };
    assert.deepEqual(tokensOf(usage), { inText: 3, cacheReadText: 18011 });
  });

  test('writes are split by lifetime, and the rest of them live 30 minutes', () => {
    const writes = (details: object) =>
      tokensOf({ input_tokens: 1000, input_tokens_details: { cached_tokens: 100, ...details } });
    assert.deepEqual(
      writes({
        cache_write_tokens: 500,
        cache_write_tokens_details: { ttl_30m_tokens: 100, ttl_12h_tokens: 300 },
      }),
      { inText: 400, cacheReadText: 100, cacheWrite30m: 200, cacheWrite12h: 300 },
    );
    assert.deepEqual(writes({ cache_write_tokens_details: { ttl_12h_tokens: 300 } }), {
      inText: 600,
      cacheReadText: 100,
      cacheWrite12h: 300,
    });
  });

  test('reasoning is a slice of the output', () => {
    const usage = {
      input_tokens: 10,
      output_tokens: 30,
      output_tokens_details: { reasoning_tokens: 24 },
      total_tokens: 40,
    };
    assert.deepEqual(tokensOf(usage), { inText: 10, outText: 6, reasoning: 24 });
  });

  test('what tools used comes on top: searches as units, images as another model', () => {
    const usage = readResponsesUsage({
      service_tier: 'priority',
      usage: { input_tokens: 10, output_tokens: 3 },
      tool_usage: {
        web_search: { num_requests: 2 },
        image_gen: {
          input_tokens: 60,
          input_tokens_details: { text_tokens: 40, image_tokens: 20 },
          output_tokens: 272,
        },
      },
    });
    assert.ok(usage);
    assert.equal(usage.tier, 'priority');
    assert.deepEqual(usage.units, { webSearch: 2 });
    assert.deepEqual(nonzeroTokens(usage), { inText: 10, outText: 3 });
    const [images] = usage.extra;
    assert.ok(images);
    assert.deepEqual([images.kind, images.model], ['image_gen', undefined]);
    assert.deepEqual(nonzeroTokens(images), { inText: 40, inImage: 20, outImage: 272 });
  });

  test('tools that used nothing leave no trace', () => {
    const usage = readResponsesUsage({
      usage: { input_tokens: 1, output_tokens: 1 },
      tool_usage: {
        web_search: { num_requests: 0 },
        image_gen: { input_tokens: 0, output_tokens: 0 },
      },
    });
    assert.deepEqual([usage?.units, usage?.extra], [{}, []]);
  });

  test('MON-6: a response without counts reports no usage', () => {
    for (const response of [null, {}, { usage: null }, { usage: {} }]) {
      assert.equal(readResponsesUsage(response), null);
    }
  });
});
