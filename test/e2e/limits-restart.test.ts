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

  test('BUD-5, BUD-6 an answer whose usage nobody knows counts as what it held', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
    t.after(() => rm(folder, { recursive: true }));
    const upstream = await fakeUpstream(t, {
      headers: { 'content-type': 'text/plain' },
      body: 'Hi.',
    });
    const limits = {
      key: {
        budgets: [{ usd: 1, period: 'month' }],
        quotas: [{ metric: 'tokens', limit: 1_000_000, period: 'month' }],
      },
      model: { pricing: { units: { audio_second: 0.01 } } },
      config: { admin_key: 'admin-secret-0001' },
    };
    const usage = { file: join(folder, 'usage.jsonl'), rotate: { every: 'never' } };
    const config = { ...limitedConfig(upstream.url, limits), usage };
    const used = async (url: string) => {
      const headers = { authorization: 'Bearer admin-secret-0001' };
      const response = await fetch(`${url}/ui/data/limits`, { headers });
      const { limits: told } = (await response.json()) as { limits: { used: string }[] };
      return told.map((each) => Number(each.used));
    };
    const clock = createTestClock();
    const before = await startProxy(t, config, { clock });
    const form = new FormData();
    form.set('model', 'm');
    form.set('response_format', 'text');
    form.set('file', new Blob([Buffer.alloc(20_000)]), 'speech.mp3');
    const headers = { authorization: `Bearer ${API_KEY}` };
    const url = `${before.url}/v1/audio/transcriptions`;
    const response = await fetch(url, { method: 'POST', headers, body: form });
    assert.equal(await response.text(), 'Hi.');
    const counted = await used(before.url);
    assert.ok(
      counted.every((count) => count > 0),
      String(counted),
    );
    const after = await startProxy(t, config, { clock });
    assert.deepEqual(await used(after.url), counted);
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

  test('BUD-5 attempts count for their own endpoint: by its model, its key, and its wildcard', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
    t.after(() => rm(folder, { recursive: true }));
    // What the first key asks for fails, and so does the model that has a fallback.
    const upstream = await fakeUpstream(t, ({ headers, body }) => {
      const isBad = headers.authorization === 'Bearer sk-d' || String(body).includes('"bad"');
      return isBad ? { status: 500 } : ANSWER;
    });
    const policies = { requests: { per_hour: 9 }, tokens: { per_day: 9_000 } };
    const keyed = (key: string) => ({ provider: 'two', slug: 's', key, policies });
    const config = {
      admin_key: 'admin-secret-0001',
      usage: { file: join(folder, 'usage.jsonl'), rotate: { every: 'never' } },
      providers: {
        two: { type: 'CUSTOM', base_url: upstream.url, keys: { d: 'sk-d', e: 'sk-e' } },
        one: { type: 'CUSTOM', base_url: upstream.url, keys: { d: 'sk-one' } },
      },
      models: {
        keys: { endpoints: [keyed('d'), keyed('e')] },
        first: {
          endpoints: [{ provider: 'one', slug: 'bad', policies }],
          fallbacks: ['v/second'],
        },
        'v/*': { endpoints: [{ provider: 'one', slug: 'w-*', policies }] },
      },
    };
    const used = async (url: string) => {
      const headers = { authorization: 'Bearer admin-secret-0001' };
      const response = await fetch(`${url}/ui/data/limits`, { headers });
      const { limits } = (await response.json()) as { limits: { name: string; used: string }[] };
      return limits.map(({ name, used }) => `${name}: ${used}`);
    };
    const clock = createTestClock();
    const before = await startProxy(t, config, { clock });
    for (const model of ['keys', 'first', 'v/other']) {
      const response = await before.post('/v1/chat/completions', { model, messages: [] });
      assert.equal(response.status, 200);
      await response.arrayBuffer();
    }
    const counted = await used(before.url);
    const after = await startProxy(t, config, { clock });
    assert.deepEqual(await used(after.url), counted);
  });
});
