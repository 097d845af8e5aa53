import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeFamilies } from '../../src/metrics/encode-families.ts';
import { limitFamilies } from '../../src/metrics/limit-families.ts';
import { parseMetrics } from '../support/parse-metrics.ts';

const budget = {
  scope: 'team',
  name: 'growth',
  word: 'usd.month',
  timezone: 'Europe/Berlin',
  max: 500_000_000_000n,
  used: 123_456_789n,
  resetsAtMs: 1_800_000_000_500,
};
const labels = { scope: 'team', name: 'growth', limit: 'usd.month', timezone: 'Europe/Berlin' };

describe('limits in Prometheus’ text', () => {
  test('API-5: what is used, what may be, and when it is there again', () => {
    const metrics = parseMetrics(encodeFamilies(limitFamilies([budget])));
    assert.equal(metrics.value('signalbox_limit_used', labels), 123_456_789);
    assert.equal(metrics.value('signalbox_limit_max', labels), 500_000_000_000);
    const reset = metrics.value('signalbox_limit_reset_timestamp_seconds', labels);
    assert.equal(reset, 1_800_000_000.5);
  });

  test('API-5: of two limits with the same labels the smaller is told, once', () => {
    const tight = { ...budget, max: 7n };
    for (const limits of [
      [budget, tight],
      [tight, budget],
    ]) {
      const metrics = parseMetrics(encodeFamilies(limitFamilies(limits)));
      assert.equal(metrics.value('signalbox_limit_max', labels), 7);
    }
  });

  test('API-5: what never comes back has no reset, and what has no time zone no such label', () => {
    const global = { ...budget, scope: 'global', name: '', timezone: null, resetsAtMs: null };
    const metrics = parseMetrics(encodeFamilies(limitFamilies([global])));
    const at = { scope: 'global', name: '', limit: 'usd.month' };
    assert.equal(metrics.value('signalbox_limit_used', at), 123_456_789);
    assert.equal(metrics.size, 2);
  });
});
