import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configOf, problemsOf } from './problems-of.ts';

const fileOf = (expiry: string) =>
  `api_keys: { k: { key: os.environ/K, expires_at: "${expiry}" } }`;
const env = { K: 'x' };

describe('apiKeySchema: expires_at (KEY-1)', () => {
  const moments: Record<string, string> = {
    '2027-02-28': '2027-02-28T00:00:00.000Z',
    '2027-01-01T00:00:00Z': '2027-01-01T00:00:00.000Z',
    '2027-01-01T01:00:00+01:00': '2027-01-01T00:00:00.000Z',
    '2027-01-01 12:00:00.5Z': '2027-01-01T12:00:00.500Z',
  };
  for (const [text, moment] of Object.entries(moments)) {
    test(`${text} is ${moment}`, () => {
      const { expires_at: expiresAt } = configOf(fileOf(text), env).api_keys?.['k'] ?? {};
      assert.equal(new Date(expiresAt ?? 0).toISOString(), moment);
    });
  }

  test('a day that there is not, and a time without a zone, are refused', () => {
    for (const text of [
      '2027-02-30',
      '2027-13-01',
      '2027-02-30T00:00:00Z',
      'soon',
      '2027-01-01T25:00Z',
    ]) {
      assert.match(
        problemsOf(fileOf(text), env).join(),
        /expected a date such as 2027-01-01T00:00:00Z$/,
      );
    }
    for (const text of ['2027-01-01T00:00:00', '2027-01-01 00:00']) {
      assert.match(problemsOf(fileOf(text), env).join(), /needs its zone after the time/);
    }
  });
});
