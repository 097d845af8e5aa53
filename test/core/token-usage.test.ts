import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  createTokenCounts,
  filledBuckets,
  OUTPUT_BUCKETS,
  TOKEN_BUCKETS,
  totalInput,
  totalOutput,
} from '../../src/core/token-usage.ts';

const counts = fc
  .array(fc.oneof(fc.constant(0), fc.nat(1e9)), {
    minLength: TOKEN_BUCKETS.length,
    maxLength: TOKEN_BUCKETS.length,
  })
  .map((values) => {
    const tokens = createTokenCounts();
    for (const [at, bucket] of TOKEN_BUCKETS.entries()) tokens[bucket] = values[at] ?? 0;
    return tokens;
  });

const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);

describe('token usage', () => {
  test('every bucket is input or output', () => {
    fc.assert(
      fc.property(counts, (tokens) => {
        const output = sum(OUTPUT_BUCKETS.map((bucket) => tokens[bucket]));
        assert.equal(totalOutput(tokens), output);
        assert.equal(totalInput(tokens), sum(Object.values(tokens)) - output);
      }),
    );
  });

  test('the buckets that hold something are told in their order', () => {
    fc.assert(
      fc.property(counts, (tokens) => {
        assert.deepEqual(
          filledBuckets(tokens),
          TOKEN_BUCKETS.filter((bucket) => tokens[bucket] !== 0),
        );
      }),
    );
  });
});
