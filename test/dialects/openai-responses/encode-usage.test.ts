import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  createTokenUsage,
  TOKEN_BUCKETS,
  totalInput,
  totalOutput,
} from '../../../src/core/token-usage.ts';
import { asObject } from '../../../src/dialects/json-object.ts';
import { encodeResponsesUsage } from '../../../src/dialects/openai-responses/encode-usage.ts';
import { readResponsesUsage } from '../../../src/dialects/openai-responses/usage.ts';
import { nonzeroTokens } from '../../support/nonzero-tokens.ts';

const counts = fc.record(
  Object.fromEntries(TOKEN_BUCKETS.map((bucket) => [bucket, fc.nat({ max: 1e6 })])),
);

function usageOf(tokens: Record<string, number>) {
  const usage = createTokenUsage();
  Object.assign(usage.tokens, tokens);
  return usage;
}

describe('responses usage, written', () => {
  test('cached and written tokens are slices of the input, reasoning of the output', () => {
    const tokens = {
      inText: 12,
      cacheReadText: 500,
      cacheWrite5m: 2000,
      outText: 30,
      reasoning: 60,
    };
    assert.deepEqual(encodeResponsesUsage(usageOf(tokens)), {
      input_tokens: 2512,
      input_tokens_details: { cached_tokens: 500, cache_write_tokens: 2000 },
      output_tokens: 90,
      output_tokens_details: { reasoning_tokens: 60 },
      total_tokens: 2602,
    });
    assert.equal(encodeResponsesUsage(undefined), null);
  });

  test('no token is lost or told twice, whatever the buckets', () => {
    fc.assert(
      fc.property(counts, (tokens) => {
        const usage = usageOf(tokens);
        const written = asObject(encodeResponsesUsage(usage));
        const [input, output] = [totalInput(usage.tokens), totalOutput(usage.tokens)];
        assert.deepEqual([written['input_tokens'], written['output_tokens']], [input, output]);
        assert.equal(written['total_tokens'], input + output);
      }),
    );
  });

  test('X-52: what the API can say is read again as it was', () => {
    const sayable = ['inText', 'cacheReadText', 'cacheWrite30m', 'outText', 'reasoning'] as const;
    fc.assert(
      fc.property(fc.tuple(...sayable.map(() => fc.integer({ min: 1, max: 1e6 }))), (numbers) => {
        const tokens = Object.fromEntries(
          sayable.map((bucket, index) => [bucket, numbers[index]!]),
        );
        const written = encodeResponsesUsage(usageOf(tokens));
        assert.deepEqual(nonzeroTokens(readResponsesUsage({ usage: written })), tokens);
      }),
    );
  });
});
