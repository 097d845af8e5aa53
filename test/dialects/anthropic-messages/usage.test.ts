import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readMessageUsage } from '../../../src/dialects/anthropic-messages/usage.ts';
import { nonzeroTokens } from '../../support/nonzero-tokens.ts';

function tokensOf(usage: object) {
  return nonzeroTokens(readMessageUsage({ usage }));
}

/** Kind, model and tokens of what was billed beside the message. */
function extrasOf(usage: object) {
  return readMessageUsage({ usage })?.extra.map((extra) => [
    extra.kind,
    extra.model,
    nonzeroTokens(extra),
  ]);
}

describe('readMessageUsage', () => {
  test('X-51, V4: cached input stands beside the input, and an unsplit write is a 5 minute one', () => {
    const usage = {
      input_tokens: 12,
      cache_creation_input_tokens: 2000,
      cache_creation: null,
      cache_read_input_tokens: 500,
      output_tokens: 90,
      output_tokens_details: { thinking_tokens: 60 },
    };
    assert.deepEqual(tokensOf(usage), {
      inText: 12,
      cacheReadText: 500,
      cacheWrite5m: 2000,
      outText: 30,
      reasoning: 60,
    });
  });

  test('writes are split by lifetime, and the remainder is a 5 minute one', () => {
    const split = (cache_creation_input_tokens: number | undefined) =>
      tokensOf({
        input_tokens: 1,
        cache_creation_input_tokens,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
      });
    assert.deepEqual(split(350), { inText: 1, cacheWrite5m: 150, cacheWrite1h: 200 });
    assert.deepEqual(split(undefined), { inText: 1, cacheWrite5m: 100, cacheWrite1h: 200 });
  });

  test('server tools are counted, and fast mode is a tier', () => {
    const usage = readMessageUsage({
      usage: {
        input_tokens: 1,
        output_tokens: 1,
        server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
        service_tier: 'standard',
        speed: 'fast',
      },
    });
    assert.deepEqual(usage?.units, { webSearch: 2, webFetch: 1 });
    assert.equal(usage?.tier, 'fast');
  });

  test('the sampling iterations of one model are what the message sums up', () => {
    const usage = {
      input_tokens: 22,
      output_tokens: 12,
      iterations: [
        { type: 'message', model: 'a', input_tokens: 10, output_tokens: 5 },
        { type: 'message', model: 'a', input_tokens: 12, output_tokens: 7 },
      ],
    };
    assert.deepEqual(tokensOf(usage), { inText: 22, outText: 12 });
    assert.deepEqual(extrasOf(usage), []);
  });

  test('compactions and advisors are billed on top, an advisor as its own model', () => {
    const usage = {
      input_tokens: 2,
      output_tokens: 3,
      iterations: [
        { type: 'compaction', input_tokens: 100, output_tokens: 40 },
        { type: 'message', model: null, input_tokens: 2, output_tokens: 3 },
        { type: 'advisor_message', model: 'b', input_tokens: 7, cache_read_input_tokens: 5 },
        { type: 'unheard_of', input_tokens: 9 },
      ],
    };
    assert.deepEqual(tokensOf(usage), { inText: 2, outText: 3 });
    assert.deepEqual(extrasOf(usage), [
      ['compaction', undefined, { inText: 100, outText: 40 }],
      ['advisor_message', 'b', { inText: 7, cacheReadText: 5 }],
    ]);
  });

  test('where a fallback model answered, each attempt is billed as the model that ran', () => {
    const declined = { type: 'message', model: 'a', input_tokens: 408, output_tokens: 2 };
    const served = { type: 'fallback_message', model: 'b', input_tokens: 412, output_tokens: 264 };
    const top = { input_tokens: 412, output_tokens: 264 };
    const attempts = { ...top, iterations: [declined, served] };
    assert.deepEqual(tokensOf(attempts), { inText: 408, outText: 2 });
    assert.deepEqual(extrasOf(attempts), [
      ['fallback_message', 'b', { inText: 412, outText: 264 }],
    ]);

    const loop = { type: 'message', model: 'b', input_tokens: 5, output_tokens: 6 };
    assert.deepEqual(extrasOf({ ...top, iterations: [declined, loop, served] })?.length, 2);

    const alone = { ...top, iterations: [served] };
    assert.deepEqual(tokensOf(alone), {});
    assert.equal(extrasOf(alone)?.length, 1);
  });

  test('MON-6: a message without counts reports no usage', () => {
    for (const message of [null, {}, { usage: null }, { usage: { service_tier: 'standard' } }]) {
      assert.equal(readMessageUsage(message), null);
    }
  });
});
