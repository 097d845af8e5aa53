import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLimitReader, writeLimits } from '../../src/workers/limit-list.ts';
import { bucket, calendarLimit, gauge, requestWindow } from '../policies/limits.ts';

const LIMITS = [
  requestWindow(10),
  bucket(5, 12),
  gauge(7),
  calendarLimit('usd', 9_007_199_254_740_993n),
];

describe('limits as text', () => {
  test('are the same limits at the other end, to the nano', () => {
    const reader = createLimitReader();
    reader.know(LIMITS);
    assert.deepEqual(reader.read(writeLimits(LIMITS)), LIMITS);
    assert.deepEqual(reader.read(''), []);
  });

  test('SEC-6: no more than some thousands are remembered, however many a worker tells', () => {
    const reader = createLimitReader();
    reader.know(LIMITS);
    const first = reader.read(writeLimits(LIMITS));
    assert.equal(reader.read(writeLimits(LIMITS)), first);
    for (let max = 0; max < 5_000; max += 1) reader.read(writeLimits([requestWindow(max)]));
    assert.notEqual(reader.read(writeLimits(LIMITS)), first);
    assert.deepEqual(reader.read(writeLimits(LIMITS)), first);
  });

  test('REL-1 a call keeps the figure that it began with; what no config has any more is left out', () => {
    const reader = createLimitReader();
    reader.know(LIMITS);
    const old = [requestWindow(10), gauge(7)];
    reader.know([requestWindow(3)]);
    assert.deepEqual(reader.read(writeLimits(old)), old);
    reader.know([requestWindow(3)]);
    assert.deepEqual(reader.read(writeLimits(old)), [requestWindow(10)]);
  });
});
