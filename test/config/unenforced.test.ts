import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './problems-of.ts';

describe('checkUnenforced', () => {
  test('settings without effect are warned of, and limits are none of them', () => {
    const text = `
usage: { rotate: { keep: 3 } }
policies: { requests: { per_minute: 1 } }
teams: { t: { quotas: [{ metric: tokens, limit: 1, period: day }] } }`;
    assert.deepEqual(
      problemsOf(text).map((problem) => problem.replace(/^\S+ /, '')),
      ['usage.rotate: warning: `usage.rotate` is read but has no effect in this version'],
    );
  });
});
