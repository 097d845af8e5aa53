import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createTokenCounts, TOKEN_BUCKETS } from '../../src/core/token-usage.ts';
import { readAmounts, writeAmounts } from '../../src/workers/plain-amounts.ts';
import { readRecord, writeRecord } from '../../src/workers/plain-record.ts';

const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

const count = fc.nat();
const PLAIN = { noNullPrototype: true };
const nanos = fc.oneof(
  fc.bigInt(),
  fc.constantFrom(9_007_199_254_740_991n, 9_007_199_254_740_992n),
);

describe('values of a message', () => {
  test('LED-6 amounts are the same at the other end, to the nano', () => {
    const amounts = fc.record(
      {
        requests: count,
        tokensIn: count,
        tokensOut: count,
        mostTokensOut: count,
        nanoUsd: nanos,
      },
      PLAIN,
    );
    fc.assert(
      fc.property(amounts, (each) => {
        assert.deepEqual(readAmounts(throughJson(writeAmounts(each))), each);
      }),
    );
  });

  test('metrics count the same record at the other end', () => {
    const text = fc.option(fc.string(), { nil: undefined });
    const tokens = fc
      .dictionary(fc.constantFrom(...TOKEN_BUCKETS), count, PLAIN)
      .map((some) => ({ tokens: { ...createTokenCounts(), ...some } }));
    const record = fc.record(
      {
        surface: fc.string(),
        provider: text,
        httpStatus: count,
        errorCode: text,
        usage: fc.option(tokens),
        costNanoUsd: fc.option(nanos),
        latencyMs: count,
        ttftMs: fc.option(count, { nil: undefined }),
      },
      PLAIN,
    );
    fc.assert(
      fc.property(record, (each) => {
        assert.deepEqual(readRecord(throughJson(writeRecord(each))), each);
      }),
    );
  });
});
