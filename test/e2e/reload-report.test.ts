import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import type { AppOptions } from '../../src/app/start-app.ts';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, WIRES } from '../support/wires.ts';

type Config = Record<string, unknown>;

const [chat] = WIRES;
assert.ok(chat);

/** A proxy that watches its file, its log, and a way to change both at once. */
async function startWatched(t: TestContext, config: Config, options: Partial<AppOptions> = {}) {
  const logger = createRecordingLogger();
  const proxy = await startProxy(t, config, { watch: true, logger, ...options });
  const find = (message: RegExp) => logger.entries.filter((entry) => message.test(entry.message));
  const reload = async (changed: Config) => {
    const before = find(/Config reloaded|not valid/).length;
    await writeFile(proxy.configFile, stringify({ usage: { file: proxy.ledgerFile }, ...changed }));
    await eventually('the reload', () => find(/Config reloaded|not valid/).length > before);
  };
  return { proxy, logger, find, reload };
}

describe('a reload', () => {
  test('REL-2: it logs what changed by name, and no secret', async (t) => {
    const config = oneModelConfig('http://127.0.0.1:9');
    const { logger, find, reload } = await startWatched(t, config);
    const { m } = config['models'] as { m: object };
    const { up } = config['providers'] as { up: object };
    const rotated = { ...up, timeout: '1m', keys: { main: 'sk-canary-rotated-0002' } };
    await reload({ ...config, providers: { up: rotated }, models: { m, n: m } });
    const [entry] = find(/^Config reloaded$/);
    const { config: hash, ...changes } = entry?.fields ?? {};
    assert.match(String(hash), /^[0-9a-f]{12}$/);
    assert.deepEqual(changes, {
      added: ['models.n'],
      changed: ['providers.up.timeout', 'providers.up.keys.main.key'],
    });
    assert.ok(!JSON.stringify(logger.entries).includes('canary'));
    assert.deepEqual(find(/restart/), []);
  });

  test('REL-2: what needs a restart is told, until the file says again what runs', async (t) => {
    const config = oneModelConfig('http://127.0.0.1:9');
    const { proxy, find, reload } = await startWatched(t, config);
    await reload({ ...config, server: { port: 1, host: 'localhost', max_body: '1mb' } });
    assert.deepEqual(find(/restart/)[0]?.fields, { settings: ['server.host', 'server.port'] });
    assert.equal((await fetch(`${proxy.url}/health/live`)).status, 200);
    await reload({ ...config, server: { port: 1, max_body: '2mb' } });
    assert.deepEqual(find(/restart/)[1]?.fields, { settings: ['server.port'] });
    await reload(config);
    assert.equal(find(/restart/).length, 2);
  });

  test('REL-2: measurements, circuits and connections of what stays the same carry over', async (t) => {
    const broken = await fakeUpstream(t, { status: 500 });
    const sockets = new Set<unknown>();
    const working = await fakeUpstream(t, (_request, response) => {
      sockets.add(response.socket);
      return plainAnswer(chat);
    });
    const { providers, models } = oneModelConfig(broken.url) as {
      providers: { up: object };
      models: { m: object };
    };
    const endpoints = ['up', 'other'].map((provider) => ({ provider, slug: 'slug-1' }));
    const config = {
      providers: { ...providers, other: { ...providers.up, base_url: working.url } },
      models: { m: { pricing: 'none', endpoints } },
    };
    const { proxy, reload } = await startWatched(t, config);
    const call = async () => {
      const body = { ...chat.request('m', false), provider: { order: ['up', 'other'] } };
      const response = await proxy.post(chat.path('m', false), body);
      await response.text();
      return response.headers.get('x-signalbox-attempts');
    };
    for (let attempt = 0; attempt < 5; attempt += 1) assert.equal(await call(), '2');
    assert.equal(await call(), '1', 'the circuit of the broken one is open');
    await reload({ ...config, models: { ...config.models, n: models.m } });
    assert.equal(await call(), '1', 'and still is');
    assert.equal(broken.seen.length, 5);
    assert.equal(sockets.size, 1);
  });

  test('SEC-1: it cannot take the keys off a proxy that the network reaches', async (t) => {
    const config = oneModelConfig('http://127.0.0.1:9');
    const keyed = { ...config, api_keys: { ana: { key: 'ana-key-canary', models: ['*'] } } };
    const { proxy, find, reload } = await startWatched(t, keyed, { host: '0.0.0.0' });
    await reload({ ...config, server: { host: '127.0.0.1' } });
    assert.match(find(/not valid/)[0]?.message ?? '', /Listening on 0\.0\.0\.0 without `api_keys`/);
    const loopback = `http://127.0.0.1:${new URL(proxy.url).port}`;
    assert.equal((await fetch(`${loopback}/v1/models`)).status, 401);
  });
});
