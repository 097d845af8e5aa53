import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

interface Readiness {
  status: string;
  config: { hash: string; error: string | null };
  ledger: { healthy: boolean; lost: number; lastError?: string };
}

async function ready(url: string, key?: string): Promise<{ status: number; body: Readiness }> {
  const headers: Record<string, string> =
    key === undefined ? {} : { authorization: `Bearer ${key}` };
  const response = await fetch(`${url}/health/ready`, { headers });
  return { status: response.status, body: (await response.json()) as Readiness };
}

/** A ledger file whose path leads to a folder, until that is taken away. */
async function blockedLedger(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'usage.jsonl');
  await mkdir(file);
  return { file, unblock: () => rmdir(file) };
}

describe('health', () => {
  test('API-5: a proxy that works is live and ready, and says which config runs', async (t) => {
    const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
    const live = await fetch(`${proxy.url}/health/live`);
    assert.deepEqual([live.status, await live.json()], [200, { status: 'ok' }]);
    const { status, body } = await ready(proxy.url);
    assert.equal(status, 200);
    assert.equal(body.status, 'ready');
    assert.match(body.config.hash, /^[0-9a-f]{12}$/);
    assert.equal(body.config.error, null);
    assert.deepEqual(body.ledger, { healthy: true, lost: 0 });
    const head = await fetch(`${proxy.url}/health/ready`, { method: 'HEAD' });
    assert.equal(head.status, 200);
  });

  test('LED-3: a ledger that cannot be written lets calls pass, counts the loss and shows degraded', async (t) => {
    const { file, unblock } = await blockedLedger(t);
    const upstream = await fakeUpstream(t, {});
    const proxy = await startProxy(t, { ...oneModelConfig(upstream.url), usage: { file } });
    assert.equal((await ready(proxy.url)).body.status, 'degraded');
    const ask = () => proxy.post('/v1/chat/completions', { model: 'm' });
    assert.equal((await ask()).status, 200);
    const { status, body } = await ready(proxy.url);
    assert.equal(status, 200, 'calls go on, so it takes them');
    assert.equal(body.status, 'degraded');
    assert.equal(body.ledger.lost, 1);
    assert.match(body.ledger.lastError ?? '', /EISDIR/);
    await unblock();
    assert.equal((await ask()).status, 200);
    const healed = (await ready(proxy.url)).body;
    assert.deepEqual([healed.status, healed.ledger.lost], ['ready', 1]);
  });

  test('LED-3: with `durability: disk` such a ledger refuses calls and is not ready', async (t) => {
    const { file } = await blockedLedger(t);
    const upstream = await fakeUpstream(t, {});
    const usage = { file, durability: 'disk' };
    const proxy = await startProxy(t, { ...oneModelConfig(upstream.url), usage });
    assert.equal((await proxy.post('/v1/chat/completions', { model: 'm' })).status, 503);
    const { status, body } = await ready(proxy.url);
    assert.deepEqual([status, body.status], [503, 'unavailable']);
    assert.equal((await fetch(`${proxy.url}/health/live`)).status, 200);
    assert.equal(upstream.seen.length, 0);
  });

  test('ERR-2: only the admin key, or open mode on this machine, reads paths and lines of the config', async (t) => {
    const { file } = await blockedLedger(t);
    const admin = 'admin-secret-0001';
    const proxy = await startProxy(t, {
      ...oneModelConfig('http://127.0.0.1:9'),
      usage: { file },
      admin_key: admin,
      api_keys: { ana: { key: 'sk-client-0001', models: ['*'] } },
    });
    await writeFile(proxy.configFile, 'nonsense: sk-secret-0001');
    await proxy.reload();
    const owner = await eventually('the refusal of the config', async () => {
      const { body } = await ready(proxy.url, admin);
      return body.config.error === null ? null : body;
    });
    assert.match(owner.config.error ?? '', /nonsense/);
    assert.ok(owner.ledger.lastError?.includes(file));
    for (const key of [undefined, 'sk-client-0001']) {
      const { body } = await ready(proxy.url, key);
      assert.equal(body.status, 'degraded');
      assert.equal(body.config.error, 'The config file is not valid; the log says why.');
      assert.deepEqual(body.ledger, { ...owner.ledger, lastError: 'EISDIR' });
    }
  });
});
