import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { limitUnits } from '../../src/config/limit-units.ts';
import { ipRange } from '../../src/policies/ip-filter.ts';
import { createLimitLists, createPolicySettings } from '../../src/policies/policy-settings.ts';

describe('createPolicySettings (POL-1)', () => {
  const settings = createPolicySettings(limitUnits);

  test('what is absent stays absent, and 0 is a limit', () => {
    assert.deepEqual(settings.parse({}), {});
    assert.deepEqual(settings.parse({ concurrency: { max: 0 }, payload: { max_size: '1kb' } }), {
      concurrency: { max: 0 },
      payload: { max_size: 1_024 },
    });
  });

  test('policies that share a key share its block', () => {
    const tokens = { per_minute: 1, per_day: 2, max_input: 3, max_output: 4 };
    assert.deepEqual(settings.parse({ tokens }), { tokens });
  });

  test('a negative, a fractional and an unknown limit are refused', () => {
    for (const requests of [{ per_minute: -1 }, { per_minute: 0.5 }, { per_week: 1 }]) {
      assert.equal(settings.safeParse({ requests }).success, false);
    }
  });

  test('a burst without a rate would never fill again', () => {
    assert.equal(settings.safeParse({ requests: { burst: 5 } }).success, false);
    assert.equal(settings.safeParse({ requests: { burst: 5, per_second: 1 } }).success, true);
  });
});

describe('ipRange (POL-2)', () => {
  for (const range of ['10.0.0.0/8', '192.168.1.1', '::1', 'fd00::/8', '0.0.0.0/0', '::/128']) {
    test(`${range} is a range`, () => assert.equal(ipRange.safeParse(range).success, true));
  }

  for (const range of [
    '10.1',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'home',
    '',
    '1.2.3.4/-1',
  ]) {
    test(`"${range}" is none`, () => assert.equal(ipRange.safeParse(range).success, false));
  }
});

describe('createLimitLists (BUD-1)', () => {
  const lists = z.strictObject(createLimitLists(limitUnits));

  test('money is exact nanos, and the day begins in UTC unless a time zone is named', () => {
    const budgets = [{ usd: 0.1, period: 'day' }];
    const quotas = [{ metric: 'tokens', limit: 5, period: 'total', timezone: 'Europe/Berlin' }];
    assert.deepEqual(lists.parse({ budgets, quotas }), {
      budgets: [{ usd: 100_000_000n, period: 'day', timezone: 'UTC' }],
      quotas,
    });
    assert.deepEqual(lists.parse({}), { budgets: [], quotas: [] });
  });

  test('a time zone that does not exist, and a negative amount, are refused', () => {
    for (const budget of [
      { usd: 5, period: 'day', timezone: 'Europe/Nowhere' },
      { usd: -1, period: 'day' },
      { usd: 5, period: 'year' },
    ]) {
      assert.equal(lists.safeParse({ budgets: [budget] }).success, false);
    }
  });
});
