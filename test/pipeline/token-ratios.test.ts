import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_BYTES_PER_TOKEN } from '../../src/dialects/ir/estimate-tokens.ts';
import { createTokenRatios } from '../../src/pipeline/token-ratios.ts';

describe('bytes per token', () => {
  test('a model is measured once its counts were asked for', () => {
    const ratios = createTokenRatios();
    ratios.record('m', 1_000, 500);
    assert.equal(ratios.isWatched('m'), false);
    assert.equal(ratios.bytesPerToken('m'), DEFAULT_BYTES_PER_TOKEN);
    assert.equal(ratios.isWatched('m'), true);
    ratios.record('m', 1_000, 500);
    assert.ok(ratios.bytesPerToken('m') < 2);
  });

  test('X-70: no text that was measured lately is counted below its tokens', () => {
    const sample = fc.record({
      tokens: fc.integer({ min: 50, max: 100_000 }),
      density: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 32 }), (samples) => {
        const ratios = createTokenRatios();
        ratios.bytesPerToken('m');
        for (const { tokens, density } of samples) ratios.record('m', tokens * density, tokens);
        const ratio = ratios.bytesPerToken('m');
        for (const { tokens, density } of samples) {
          assert.ok((tokens * density) / ratio >= tokens);
        }
      }),
    );
  });

  test('a few samples never lower the estimate', () => {
    const ratios = createTokenRatios();
    ratios.bytesPerToken('m');
    ratios.record('m', 6_000, 1_000);
    assert.equal(ratios.bytesPerToken('m'), DEFAULT_BYTES_PER_TOKEN);
    ratios.record('m', 6_000, 1_000);
    ratios.record('m', 6_000, 1_000);
    assert.ok(ratios.bytesPerToken('m') > 5);
  });
});
