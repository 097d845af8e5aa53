import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createLatencyCounts } from '../../src/usage/latency-counts.ts';
import { createNumberList } from '../../src/usage/number-list.ts';

/** The smallest that so many percent of all do not exceed, by its definition. */
function percentileOf(all: readonly number[], percent: number): number | null {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((all.length * percent) / 100)) - 1] ?? null;
}

describe('createLatencyCounts (CLI-5)', () => {
  test('what was kept and what is added count as one', () => {
    const latencies = fc.array(fc.nat(30), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(latencies, { maxLength: 4 }), fc.boolean(), (parts, isAsked) => {
        let counts = createLatencyCounts();
        const all: number[] = [];
        for (const part of parts) {
          const list = createNumberList();
          const kept = counts.keep(list.put);
          const numbers = list.join();
          counts = createLatencyCounts(kept, (at, size) => numbers.subarray(at, at + size));
          for (const each of part) {
            counts.add(each);
            all.push(each);
            if (isAsked) counts.percentile(50);
          }
        }
        for (const percent of [0, 1, 50, 95, 100]) {
          assert.equal(counts.percentile(percent), percentileOf(all, percent));
        }
      }),
    );
  });

  test('half milliseconds are rounded', () => {
    const counts = createLatencyCounts();
    counts.add(1.5);
    assert.equal(counts.percentile(50), 2);
  });
});
