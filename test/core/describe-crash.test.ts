import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeCrash } from '../../src/core/describe-crash.ts';

/** What the step throws. */
function thrownBy(step: () => unknown): unknown {
  try {
    step();
  } catch (thrown) {
    return thrown;
  }
  return assert.fail('nothing was thrown');
}

describe('describeCrash', () => {
  test('SEC-3: tells what and where, and none of the words that Node quotes', () => {
    for (const step of [
      () => JSON.parse('{"key": canary'),
      () => new URL('http:// canary'),
      () => {
        throw new Error('first canary\n    second canary\nat canary');
      },
    ]) {
      const report = describeCrash(thrownBy(step));
      assert.ok(report.frames.length > 0);
      assert.match(report.frames[0] ?? '', /^at /);
      assert.ok(!JSON.stringify(report).includes('canary'), JSON.stringify(report));
    }
    assert.deepEqual(describeCrash('canary'), { name: 'string', frames: [] });
  });
});
