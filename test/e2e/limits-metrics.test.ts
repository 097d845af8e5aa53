import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { COST, startLimited, USAGE } from '../support/limited-proxy.ts';
import { parseMetrics } from '../support/parse-metrics.ts';

const admin = { authorization: 'Bearer admin-secret-0001' };

/** A limit in each of the five scopes of POL-1, and budgets beside them. */
const LIMITS = {
  key: {
    team: 'growth',
    budgets: [{ usd: 5, period: 'month', timezone: 'Europe/Berlin' }],
    policies: { requests: { per_second: 2, burst: 9 } },
  },
  model: { policies: { tokens: { per_day: 1_000_000 } } },
  config: {
    admin_key: 'admin-secret-0001',
    policies: { requests: { per_minute: 600 } },
    teams: { growth: { quotas: [{ metric: 'tokens_out', limit: 1_000, period: 'total' }] } },
  },
};

describe('how the limits of the config stand', () => {
  test('API-5: /metrics tells of each what is used, what may be, and when it is there again', async (t) => {
    const { call, url } = await startLimited(t, LIMITS);
    for (let calls = 0; calls < 2; calls++) assert.equal((await call()).status, 200);
    const response = await fetch(`${url}/metrics`, { headers: admin });
    const metrics = parseMetrics(await response.text());
    const read = (scope: string, name: string, limit: string, timezone?: string) =>
      ['used', 'max', 'reset_timestamp_seconds'].map((figure) =>
        metrics.value(`signalbox_limit_${figure}`, {
          ...{ scope, name, limit },
          ...(timezone === undefined ? {} : { timezone }),
        }),
      );
    const now = Date.UTC(2027, 0, 1) / 1000;
    assert.deepEqual(read('global', '', 'requests.per_minute'), [2, 600, now + 60.25]);
    assert.deepEqual(read('api_key', 'k', 'requests.per_second'), [2, 9, now + 1]);
    assert.deepEqual(read('model', 'm', 'tokens.per_day'), [
      2 * USAGE.total_tokens,
      1_000_000,
      now + 86_400 + 360,
    ]);
    assert.deepEqual(read('team', 'growth', 'tokens_out.total', 'UTC'), [
      2 * USAGE.completion_tokens,
      1_000,
      undefined,
    ]);
    assert.deepEqual(read('api_key', 'k', 'usd.month', 'Europe/Berlin'), [
      2 * Number(COST),
      5_000_000_000,
      Date.UTC(2027, 0, 31, 23) / 1000,
    ]);
  });

  test('API-5: the page’s data tells the period and the time zone too', async (t) => {
    const { url } = await startLimited(t, LIMITS);
    const response = await fetch(`${url}/ui/data/limits`, { headers: admin });
    const { limits } = (await response.json()) as { limits: Record<string, unknown>[] };
    const told = limits.map(({ word, period, timezone, window_ms }) => [
      word,
      period,
      timezone,
      window_ms,
    ]);
    assert.deepEqual(told, [
      ['requests.per_minute', null, null, 60_000],
      ['tokens_out.total', 'total', 'UTC', null],
      ['requests.per_second', null, null, null],
      ['usd.month', 'month', 'Europe/Berlin', null],
      ['tokens.per_day', null, null, 86_400_000],
    ]);
    const bucket = limits.find(({ kind }) => kind === 'bucket');
    assert.deepEqual([bucket?.['used'], bucket?.['max']], ['0', '9']);
  });
});
