import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { totalInput } from '../../src/core/token-usage.ts';
import { addUnits, createUsageBuilder, reportsAny } from '../../src/dialects/usage-builder.ts';
import { nonzeroTokens } from '../support/nonzero-tokens.ts';

describe('createUsageBuilder', () => {
  test('a count is what was reported', () => {
    const { usage, count } = createUsageBuilder();
    assert.deepEqual([count(7), count(0), count(undefined), count(null)], [7, 0, 0, 0]);
    assert.equal(usage.anomaly, false);
  });

  test('an odd count is clamped to a whole number and marks an anomaly', () => {
    const odd: [value: unknown, count: number][] = [
      [-5, 0],
      [Number.NaN, 0],
      [Number.POSITIVE_INFINITY, 1e12],
      [1e300, 1e12],
      [1.6, 2],
      ['12', 12],
      ['many', 0],
      [true, 0],
      [[3], 0],
      [{ valueOf: 1, toString: 1 }, 0],
    ];
    for (const [value, expected] of odd) {
      const { usage, count } = createUsageBuilder();
      assert.equal(count(value), expected);
      assert.equal(usage.anomaly, true, String(expected));
    }
  });

  test('shares are taken in order, and the rest bucket gets what is left', () => {
    const { usage, allot } = createUsageBuilder();
    allot(
      100,
      [
        ['cacheReadText', 30],
        ['inAudio', 20],
      ],
      'inText',
    );
    assert.deepEqual(nonzeroTokens(usage), { cacheReadText: 30, inAudio: 20, inText: 50 });
    assert.equal(usage.anomaly, false);
  });

  test('MON-3: buckets never exceed the total, and a share cut short marks an anomaly', () => {
    const { usage, allot } = createUsageBuilder();
    allot(
      100,
      [
        ['cacheReadText', 90],
        ['inAudio', 20],
      ],
      'inText',
    );
    assert.deepEqual(nonzeroTokens(usage), { cacheReadText: 90, inAudio: 10 });
    assert.equal(usage.anomaly, true);

    const share = fc.nat({ max: 1000 });
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), share, share, (total, cached, audio) => {
        const builder = createUsageBuilder();
        builder.allot(
          total,
          [
            ['cacheReadText', cached],
            ['inAudio', audio],
          ],
          'inText',
        );
        assert.equal(totalInput(builder.usage.tokens), total);
        assert.equal(builder.usage.anomaly, cached + audio > total);
      }),
    );
  });
});

describe('addUnits', () => {
  test('adds up, and leaves out a kind that nothing was reported of', () => {
    const { usage } = createUsageBuilder();
    addUnits(usage, 'webSearch', 2);
    addUnits(usage, 'webSearch', 1);
    addUnits(usage, 'webFetch', 0);
    addUnits(usage, 'image', undefined);
    assert.deepEqual(usage.units, { webSearch: 3 });
  });
});

describe('reportsAny', () => {
  test('a report whose counts are all absent or null reports nothing', () => {
    assert.equal(reportsAny({ trafficType: 'ON_DEMAND', a: null }, ['a', 'b']), false);
    assert.equal(reportsAny({ b: 0 }, ['a', 'b']), true);
  });
});
