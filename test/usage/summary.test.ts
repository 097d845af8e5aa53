import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createLatencyCounts } from '../../src/usage/latency-counts.ts';
import { createSummary, type SummarizedCall } from '../../src/usage/summary.ts';

const CALL: SummarizedCall = {
  group: 'a',
  failed: false,
  latencyMs: 1,
  inputTokens: 1,
  cachedTokens: 0,
  outputTokens: 1,
  costNanoUsd: 1n,
};

describe('createSummary', () => {
  test('CLI-5: groups by cost, times by their order, and a total of all', () => {
    for (const [grouping, order] of [
      ['model', 'cab'],
      ['day', 'abc'],
    ] as const) {
      const summary = createSummary(grouping);
      for (const [group, costNanoUsd] of [
        ['b', 1n],
        ['c', 5n],
        ['a', 2n],
        ['a', 2n],
      ] as const) {
        summary.add({ ...CALL, group, costNanoUsd });
      }
      assert.equal(
        summary
          .rows()
          .map(({ group }) => group)
          .join(''),
        order,
      );
      assert.equal(summary.total().costNanoUsd, 10n);
    }
  });

  test('MON-4: a group whose costs are all unknown costs null, and nothing at all costs 0', () => {
    const summary = createSummary('model');
    assert.equal(summary.total().costNanoUsd, 0n);
    summary.add({ ...CALL, costNanoUsd: null });
    assert.equal(summary.total().costNanoUsd, null);
    summary.add({ ...CALL, costNanoUsd: 0n });
    assert.deepEqual([summary.total().costNanoUsd, summary.total().unknownCosts], [0n, 1]);
  });

  test('CLI-5: percentiles are the nearest rank of all latencies', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (latencies, percent) => {
          const counts = createLatencyCounts();
          for (const latency of latencies) counts.add(latency);
          const sorted = latencies.toSorted((a, b) => a - b);
          const expected = sorted[Math.ceil((sorted.length * percent) / 100) - 1];
          assert.equal(counts.percentile(percent), expected);
        },
      ),
    );
  });
});
