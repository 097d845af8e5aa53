import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type AttemptMeasure, createEndpointStats } from '../../src/routing/endpoint-stats.ts';

const HOUR = 3_600_000;

const measure: fc.Arbitrary<AttemptMeasure> = fc.record({
  succeeded: fc.option(fc.boolean()),
  ttftMs: fc.option(fc.double({ min: 0, max: 5000, noNaN: true })),
  outputTokens: fc.option(fc.nat(30)),
  generationMs: fc.double({ min: 0, max: 5000, noNaN: true }),
});

const success = { succeeded: true, ttftMs: null, outputTokens: null, generationMs: 0 };

/** What is read at once after those attempts. */
function readAfter(...measures: Partial<AttemptMeasure>[]) {
  const stats = createEndpointStats(HOUR);
  for (const each of measures) stats.record({ ...success, ...each }, 0);
  return stats.read(0);
}

const add = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);

describe('createEndpointStats (ROU-6)', () => {
  test('any attempts are read as what they add up to', () => {
    const property = fc.property(fc.array(measure, { maxLength: 40 }), (measures) => {
      const good = measures.filter(({ succeeded }) => succeeded === true);
      const judged = measures.filter(({ succeeded }) => succeeded !== null);
      const speeds = good.filter(({ outputTokens }) => (outputTokens ?? 0) >= 8);
      const tokens = add(speeds.map(({ outputTokens }) => outputTokens ?? 0));
      const milliseconds = add(speeds.map((each) => Math.max(1, Math.round(each.generationMs))));
      const times = good
        .flatMap(({ ttftMs }) => (ttftMs === null ? [] : Math.round(ttftMs)))
        .sort((a, b) => a - b);
      assert.deepEqual(readAfter(...measures), {
        ttftMs: times[Math.floor((times.length - 1) / 2)] ?? null,
        ttftSamples: times.length,
        throughput: speeds.length === 0 ? null : Math.round((tokens * 10_000) / milliseconds),
        throughputSamples: speeds.length,
        uptime: judged.length === 0 ? 1 : good.length / judged.length,
        attempts: judged.length,
      });
    });
    fc.assert(property, { numRuns: 500 });
  });

  test('throughput is in tenths of a token per second, over all answers together', () => {
    const slow = { outputTokens: 10, generationMs: 1000 };
    const quick = { outputTokens: 90, generationMs: 1000 };
    assert.equal(readAfter(slow).throughput, 100);
    assert.equal(readAfter(slow, quick).throughput, 500);
  });

  test('answers under 8 tokens say nothing of speed, but of the first token and of uptime', () => {
    const { throughput, ttftMs, attempts } = readAfter({ outputTokens: 7, ttftMs: 5 });
    assert.deepEqual([throughput, ttftMs, attempts], [null, 5, 1]);
  });

  test('failed attempts count for uptime alone, the client’s own mistakes for nothing', () => {
    const failed = { succeeded: false, ttftMs: 1, outputTokens: 100, generationMs: 1 };
    const { ttftMs, throughput, uptime } = readAfter(failed, {}, {}, {});
    assert.deepEqual([ttftMs, throughput, uptime], [null, null, 0.75]);
    assert.equal(readAfter({ succeeded: null }).attempts, 0);
  });

  test('what is older than the window is forgotten', () => {
    const stats = createEndpointStats(HOUR);
    stats.record({ ...success, ttftMs: 5, outputTokens: 100, generationMs: 1000 }, 0);
    stats.record({ ...success, succeeded: false }, 0);
    assert.equal(stats.read(HOUR - 1).uptime, 0.5);
    assert.deepEqual(stats.read(HOUR), {
      ttftMs: null,
      ttftSamples: 0,
      throughput: null,
      throughputSamples: 0,
      uptime: 1,
      attempts: 0,
    });
  });
});
