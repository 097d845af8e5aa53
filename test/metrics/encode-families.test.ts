import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDurationHistogram } from '../../src/metrics/duration-histogram.ts';
import { encodeFamilies } from '../../src/metrics/encode-families.ts';
import { parseMetrics } from '../support/parse-metrics.ts';

describe('the text that Prometheus reads', () => {
  test('API-5: names with quotes, backslashes and line breaks come back as they were', () => {
    const labels = { model: 'a"b\\c\nd,e="f"' };
    const text = encodeFamilies([
      { name: 'x_total', help: 'Two\nlines \\', type: 'counter', samples: [{ labels, value: 7 }] },
    ]);
    assert.equal(parseMetrics(text).value('x_total', labels), 7);
  });

  test('API-5: money keeps every digit', () => {
    const value = 12_345_678_901_234_567_890n;
    const samples = [{ labels: {}, value }];
    const text = encodeFamilies([{ name: 'x_total', help: 'x', type: 'counter', samples }]);
    assert.match(text, /^x_total 12345678901234567890$/m);
  });

  test('API-5: a duration falls into the first bucket that holds it, bounds included', () => {
    const histogram = createDurationHistogram();
    for (const milliseconds of [0, 10, 11, 700_000]) histogram.observe(milliseconds);
    const samples = histogram.samples({ model: 'm' });
    const text = encodeFamilies([{ name: 'x', help: 'x', type: 'histogram', samples }]);
    const metrics = parseMetrics(text);
    const bucket = (le: string) => metrics.value('x_bucket', { model: 'm', le });
    assert.deepEqual(
      [bucket('0.01'), bucket('0.025'), bucket('600'), bucket('+Inf')],
      [2, 3, 3, 4],
    );
    assert.equal(metrics.value('x_count', { model: 'm' }), 4);
    assert.equal(metrics.value('x_sum', { model: 'm' }), 700.021);
  });
});
