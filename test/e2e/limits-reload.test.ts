import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { ANSWER, API_KEY, chatBody, type Limits, limitedConfig } from '../support/limited-proxy.ts';
import { startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';

async function start(t: TestContext, limits: Limits) {
  const upstream = await fakeUpstream(t, ANSWER);
  const options = { clock: createTestClock(), watch: true };
  const proxy = await startProxy(t, limitedConfig(upstream.url, limits), options);
  const hash = async () => {
    const response = await fetch(`${proxy.url}/health/ready`);
    return ((await response.json()) as { config: { hash: string } }).config.hash;
  };
  return {
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

  test('REL-2: other changes leave the counters alone', async (t) => {
    const { reload, statuses } = await start(t, { key: perHour(3) });
    assert.deepEqual(await statuses(2), [200, 200]);
    await reload({ key: perHour(3), config: { model_alias: { other: 'm' } } });
    assert.deepEqual(await statuses(2), [200, 429]);
  });
});
