import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  createTokenUsage,
  TOKEN_BUCKETS,
  type TokenBucket,
  totalInput,
  totalOutput,
} from '../../../src/core/token-usage.ts';
import { encodeUsage } from '../../../src/dialects/google-generate-content/encode-usage.ts';
import { readGenerateUsage } from '../../../src/dialects/google-generate-content/usage.ts';

/** Buckets that the API has no counts for: what is written to a cache is plain prompt to it. */
const UNKNOWN: readonly TokenBucket[] = [
  'cacheWrite5m',
  'cacheWrite30m',
  'cacheWrite1h',
  'cacheWrite12h',
];

function usageOf(tokens: Partial<Record<TokenBucket, number>>) {
  const usage = createTokenUsage();
  Object.assign(usage.tokens, tokens);
  return usage;
}

const counts = (buckets: readonly TokenBucket[]) =>
  fc.record(Object.fromEntries(buckets.map((bucket) => [bucket, fc.nat(1_000_000)])));

describe('usage for a Gemini client', () => {
  test('counts of zero are left out, thoughts stand beside the candidates', () => {
    const tokens = { inImage: 258, inText: 2, cacheReadText: 40, outText: 198, reasoning: 405 };
    assert.deepEqual(encodeUsage(usageOf(tokens), 'default'), {
      promptTokenCount: 300,
      cachedContentTokenCount: 40,
      candidatesTokenCount: 198,
      thoughtsTokenCount: 405,
      totalTokenCount: 903,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 42 },
        { modality: 'IMAGE', tokenCount: 258 },
      ],
      cacheTokensDetails: [{ modality: 'TEXT', tokenCount: 40 }],
      candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: 198 }],
      serviceTier: 'standard',
    });
  });

  test('the total is the sum of its counts, whatever was used', () => {
    fc.assert(
      fc.property(counts(TOKEN_BUCKETS), (tokens) => {
        const usage = usageOf(tokens);
        const report = encodeUsage(usage, undefined) as Record<string, number | undefined>;
        const { promptTokenCount: prompt = 0, toolUsePromptTokenCount: tools = 0 } = report;
        const { candidatesTokenCount: candidates = 0, thoughtsTokenCount: thoughts = 0 } = report;
        assert.equal(report['totalTokenCount'] ?? 0, prompt + tools + candidates + thoughts);
        assert.equal(prompt + tools, totalInput(usage.tokens));
        assert.equal(candidates + thoughts, totalOutput(usage.tokens));
      }),
    );
  });

  test('what the API can hold comes back from it', () => {
    const known = TOKEN_BUCKETS.filter((bucket) => !UNKNOWN.includes(bucket));
    fc.assert(
      fc.property(counts(known), (tokens) => {
        const usageMetadata = encodeUsage(usageOf(tokens), undefined);
        const read = readGenerateUsage({ usageMetadata });
        assert.deepEqual(read?.tokens ?? createTokenUsage().tokens, usageOf(tokens).tokens);
      }),
    );
  });
});
