import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatTime } from '../../src/usage/format-time.ts';

test('formatTime writes every moment as toISOString does, also several of one second', () => {
  const moment = fc.integer({ min: 0, max: 4_102_444_800_000 });
  fc.assert(
    fc.property(moment, fc.array(fc.nat(2_000)), (start, steps) => {
      for (const step of [0, ...steps]) {
        assert.equal(formatTime(start + step), new Date(start + step).toISOString());
      }
    }),
  );
});
