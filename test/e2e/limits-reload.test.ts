import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'yaml';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { ANSWER, API_KEY, chatBody, type Limits, limitedConfig } from '../support/limited-proxy.ts';
import { startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';

async function start(t: TestContext, limits: Limits, script?: Parameters<typeof fakeUpstream>[1]) {
  const upstream = await fakeUpstream(t, script ?? ANSWER);
  const options = { clock: createTestClock(), watch: true };
  const proxy = await startProxy(t, limitedConfig(upstream.url, limits), options);
  const hash = async () => {
    const response = await fetch(`${proxy.url}/health/ready`);
    return ((await response.json()) as { config: { hash: string } }).config.hash;
  };
  return {
    ...proxy,
    async statuses(calls: number): Promise<number[]> {
      const headers = { authorization: `Bearer ${API_KEY}` };
      const statuses: number[] = [];
      for (let call = 0; call < calls; call++) {
        const response = await proxy.post('/v1/chat/completions', chatBody(), headers);
        await response.arrayBuffer();
        statuses.push(response.status);
      }
      return statuses;
    },
    async reload(changed: Limits): Promise<void> {
      const before = await hash();
      const config = { usage: { file: proxy.ledgerFile }, ...limitedConfig(upstream.url, changed) };
      await writeFile(proxy.configFile, stringify(config));
      await eventually('the reload', async () => (await hash()) !== before);
    },
  };
}

const perHour = (requests: number) => ({ policies: { requests: { per_hour: requests } } });

describe('limits over a reload', () => {
  test('REL-2: a figure that is raised or lowered goes on from what was counted', async (t) => {
    const { reload, statuses } = await start(t, { key: perHour(2) });
    assert.deepEqual(await statuses(3), [200, 200, 429]);
    await reload({ key: perHour(3) });
    assert.deepEqual(await statuses(2), [200, 429]);
    await reload({ key: perHour(1) });
    assert.deepEqual(await statuses(1), [429]);
  });

  test('REL-2, BUD-5: a limit that is new counts what the ledger has of it', async (t) => {
    const before = { key: { team: 'growth' }, config: { teams: { growth: {} } } };
    const { reload, statuses } = await start(t, before);
    assert.deepEqual(await statuses(2), [200, 200]);
    await reload({
      key: { team: 'growth' },
      config: { teams: { growth: { quotas: [{ metric: 'requests', limit: 3, period: 'day' }] } } },
    });
    assert.deepEqual(await statuses(2), [200, 429]);
  });

  test('REL-2, LED-6: a limit that is new counts the calls in flight when they end', async (t) => {
    const waiting: ServerResponse[] = [];
    const admin = { admin_key: 'admin-secret-0001' };
    const { url, reload, statuses } = await start(t, { config: admin }, (_request, response) => {
      waiting.push(response);
      return undefined;
    });
    const quota = (period: string) => [{ metric: 'tokens', limit: 100, period }];
    const used = async () => {
      const headers = { authorization: 'Bearer admin-secret-0001' };
      const response = await fetch(`${url}/ui/data/limits`, { headers });
      const { limits } = (await response.json()) as { limits: { word: string; used: string }[] };
      return Object.fromEntries(limits.map(({ word, used }) => [word, used]));
    };
    const first = statuses(1);
    await eventually('the first call upstream', () => waiting.length === 1);
    await reload({ key: { quotas: quota('day') }, config: admin });
    const second = statuses(1);
    await eventually('the second call upstream', () => waiting.length === 2);
    await reload({ key: { quotas: [...quota('day'), ...quota('month')] }, config: admin });
    for (const response of waiting) response.writeHead(200, ANSWER.headers).end(ANSWER.body);
    assert.deepEqual([await first, await second], [[200], [200]]);
    const expected = { 'tokens.day': '30', 'tokens.month': '30' };
    await eventually('both calls', async () => isDeepStrictEqual(await used(), expected));
  });

  test('REL-2: other changes leave the counters alone', async (t) => {
    const { reload, statuses } = await start(t, { key: perHour(3) });
    assert.deepEqual(await statuses(2), [200, 200]);
    await reload({ key: perHour(3), config: { model_alias: { other: 'm' } } });
    assert.deepEqual(await statuses(2), [200, 429]);
  });
});
