import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createSumWindow } from '../../src/routing/sum-window.ts';

const WINDOW_MS = 1000;
const CAPACITY = 512;

describe('createSumWindow (ROU-6)', () => {
  test('the sums are those of the retained pairs, whatever came and went', () => {
    const pair = fc.record({
      part: fc.nat(10_000),
      whole: fc.nat(10_000),
      pauseMs: fc.constantFrom(0, 0, 1, 400, 1000),
    });
    const property = fc.property(fc.array(pair, { maxLength: 60 }), (pairs) => {
      const window = createSumWindow(WINDOW_MS);
      let nowMs = 0;
      const all = pairs.map(({ part, whole, pauseMs }) => {
        nowMs += pauseMs;
        window.add(part, whole, nowMs);
        return { part, whole, at: nowMs };
      });
      const retained = all.filter(({ at }) => at > nowMs - WINDOW_MS);
      assert.deepEqual(window.read(nowMs), {
        part: retained.reduce((sum, { part }) => sum + part, 0),
        whole: retained.reduce((sum, { whole }) => sum + whole, 0),
        count: retained.length,
      });
    });
    fc.assert(property, { numRuns: 500 });
  });

  test('only the newest pairs are kept', () => {
    const window = createSumWindow(WINDOW_MS);
    for (let index = 0; index < 2 * CAPACITY; index += 1) window.add(index, 1, 0);
    const sum = (CAPACITY * (3 * CAPACITY - 1)) / 2;
    assert.deepEqual(window.read(0), { part: sum, whole: CAPACITY, count: CAPACITY });
  });

  test('a pair counts until the window is over', () => {
    const window = createSumWindow(WINDOW_MS);
    window.add(3, 4, 0);
    assert.equal(window.read(WINDOW_MS - 1).count, 1);
    assert.deepEqual(window.read(WINDOW_MS), { part: 0, whole: 0, count: 0 });
  });
});
