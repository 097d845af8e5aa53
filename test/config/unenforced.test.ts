import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './problems-of.ts';

function problems(text: string): string[] {
  return problemsOf(text).map((problem) => problem.replace(/^\S+ /, ''));
}

describe('checkUnenforced', () => {
  test('limits are warned of at every scope, one warning per key', () => {
    assert.deepEqual(
      problems(`
policies: { requests: { per_minute: 1 }, ip: { allow: [10.0.0.0/8] } }
providers: { p: { type: MOCK } }
models:
  m: { endpoints: [{ provider: p, policies: { concurrency: { max: 1 } } }] }
variants: { v: { model: m, policies: { tokens: { max_output: 1 } } } }
api_keys: { k: { key: "sha256:${'0'.repeat(64)}", budgets: [{ usd: 1, period: day }] } }
teams: { t: { quotas: [{ metric: tokens, limit: 1, period: day }], budgets: [] } }`),
      [
        'policies.requests: warning: `policies.requests` is read but not enforced by this version',
        'policies.ip: warning: `policies.ip` is read but not enforced by this version',
        'models.m.endpoints[0].policies.concurrency: warning: `policies.concurrency` is read but not enforced by this version',
        'variants.v.policies.tokens: warning: `policies.tokens` is read but not enforced by this version',
        'api_keys.k.budgets: warning: `budgets` is read but not enforced by this version',
        'teams.t.quotas: warning: `quotas` is read but not enforced by this version',
      ],
    );
  });
});
