import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { byteSize } from '../../src/config/byte-size.ts';
import {
  budgetSettings,
  createPolicySettings,
  ipRange,
  quotaSettings,
} from '../../src/policies/policy-settings.ts';

describe('createPolicySettings (POL-1)', () => {
  const settings = createPolicySettings(byteSize);

  test('what is absent stays absent, and 0 is a limit', () => {
    assert.deepEqual(settings.parse({}), {});
    assert.deepEqual(settings.parse({ concurrency: { max: 0 }, payload: { max_size: '1kb' } }), {
      concurrency: { max: 0 },
      payload: { max_size: 1_024 },
    });
  });

  test('a negative, a fractional and an unknown limit are refused', () => {
    for (const requests of [{ per_minute: -1 }, { per_minute: 0.5 }, { per_week: 1 }]) {
      assert.equal(settings.safeParse({ requests }).success, false);
    }
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

describe('budgetSettings and quotaSettings (BUD-1)', () => {
  test('the day begins in UTC unless a time zone is named', () => {
    assert.equal(budgetSettings.parse({ usd: 5, period: 'day' }).timezone, 'UTC');
    assert.equal(
      quotaSettings.parse({
        metric: 'tokens',
        limit: 5,
        period: 'total',
        timezone: 'Europe/Berlin',
      }).timezone,
      'Europe/Berlin',
    );
  });

  test('a time zone that does not exist is refused', () => {
    assert.equal(
      budgetSettings.safeParse({ usd: 5, period: 'day', timezone: 'Europe/Nowhere' }).success,
      false,
    );
  });
});
