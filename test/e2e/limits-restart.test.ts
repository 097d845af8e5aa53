import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { ANSWER, API_KEY, chatBody, type Limits, limitedConfig } from '../support/limited-proxy.ts';
import { startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';

/** Starts proxies one after the other on the same ledger and the same clock. */
async function createRestarts(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  t.after(() => rm(folder, { recursive: true }));
  const clock = createTestClock();
  const upstream = await fakeUpstream(t, ANSWER);
  return {
    clock,
    /** A proxy with these limits; the status of so many calls to it. */
    async start(limits: Limits) {
      // Files are of today, whatever the clock of the test says.
      const usage = { file: join(folder, 'usage.jsonl'), rotate: { every: 'never' } };
      const { post } = await startProxy(
        t,
        { ...limitedConfig(upstream.url, limits), usage },
        { clock },
      );
      return async (calls: number) => {
        const statuses: number[] = [];
        for (let call = 0; call < calls; call++) {
          const headers = { authorization: `Bearer ${API_KEY}` };
          const response = await post('/v1/chat/completions', chatBody(), headers);
          await response.arrayBuffer();
          statuses.push(response.status);
        }
        return statuses;
      };
    },
  };
}

describe('a restart', () => {
  test('BUD-5 in the middle of a minute, a day and a month forgets nothing', async (t) => {
    // What is left after two calls: how many more pass, and how the next one is refused.
    const cases: [Limits, advanceMs: number, passing: number, status: number][] = [
      [{ key: { policies: { requests: { per_minute: 3 } } } }, 30_000, 1, 429],
      [{ model: { policies: { requests: { per_day: 3 } } } }, 43_200_000, 1, 429],
      // 15 tokens each, and 57 held by a call that runs.
      [{ key: { policies: { tokens: { per_minute: 120 } } } }, 30_000, 3, 429],
      [{ key: { quotas: [{ metric: 'requests', limit: 3, period: 'month' }] } }, 864e6, 1, 429],
      [{ key: { budgets: [{ usd: 0.000164, period: 'month' }] } }, 864e6, 1, 402],
    ];
    for (const [limits, advanceMs, passing, status] of cases) {
      const { clock, start } = await createRestarts(t);
      const before = await start(limits);
      assert.deepEqual(await before(2), [200, 200]);
      clock.advance(advanceMs);
      const after = await start(limits);
      const expected = Array.from({ length: passing + 1 }, (_, call) =>
        call < passing ? 200 : status,
      );
      assert.deepEqual(await after(passing + 1), expected);
    }
  });

  test('BUD-5 what was refused, and what has left its window, does not count', async (t) => {
    const limits = { key: { policies: { requests: { per_minute: 2, per_hour: 4 } } } };
    const { clock, start } = await createRestarts(t);
    const before = await start(limits);
    assert.deepEqual(await before(4), [200, 200, 429, 429]);
    clock.advance(61_000);
    const after = await start(limits);
    assert.deepEqual(await after(3), [200, 200, 429]);
    clock.advance(61_000);
    assert.deepEqual(await after(1), [429]);
  });

  test('BUD-5 an endpoint’s attempts count', async (t) => {
    const endpoints = [{ provider: 'up', slug: 'a', policies: { requests: { per_hour: 3 } } }];
    const model = { provider: undefined, slug: undefined, endpoints };
    const { start } = await createRestarts(t);
    const before = await start({ model });
    assert.deepEqual(await before(2), [200, 200]);
    const after = await start({ model });
    assert.deepEqual(await after(2), [200, 429]);
  });
});
