import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createSampleWindow } from '../../src/routing/sample-window.ts';

const WINDOW_MS = 1000;
const CAPACITY = 512;

describe('createSampleWindow (ROU-6)', () => {
  test('the median is that of the retained samples, sorted, whatever came and went', () => {
    const sample = fc.record({
      value: fc.oneof(fc.constantFrom(0, 1, 1, 2), fc.nat(100_000)),
      pauseMs: fc.constantFrom(0, 0, 0, 1, 7, 400, 1000),
    });
    const property = fc.property(fc.array(sample, { maxLength: 120 }), (samples) => {
      const window = createSampleWindow(WINDOW_MS);
      const all: { value: number; at: number }[] = [];
      let nowMs = 0;
      for (const { value, pauseMs } of samples) {
        nowMs += pauseMs;
        window.add(value, nowMs);
        all.push({ value, at: nowMs });
        const retained = all.filter(({ at }) => at > nowMs - WINDOW_MS).slice(-CAPACITY);
        const sorted = retained.map((each) => each.value).sort((a, b) => a - b);
        assert.equal(window.count(nowMs), sorted.length);
        assert.equal(window.median(nowMs), sorted[Math.floor((sorted.length - 1) / 2)]);
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  test('only the newest samples are kept, and they keep their order', () => {
    const window = createSampleWindow(WINDOW_MS);
    const total = 3 * CAPACITY;
    for (let value = 1; value <= total; value += 1) window.add(value, 0);
    assert.equal(window.count(0), CAPACITY);
    assert.equal(window.median(0), total - CAPACITY / 2);
  });

  test('a sample counts until the window is over', () => {
    const window = createSampleWindow(WINDOW_MS);
    window.add(5, 0);
    assert.equal(window.median(WINDOW_MS - 1), 5);
    assert.equal(window.median(WINDOW_MS), null);
    assert.equal(window.count(WINDOW_MS), 0);
  });
});
