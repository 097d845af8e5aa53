import assert from 'node:assert/strict';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { eventually } from '../support/eventually.ts';
import { EMPTY_ANSWER, fakeUpstream } from '../support/fake-upstream.ts';
import { serve, writeConfig } from '../support/start-cli.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

type Config = Record<string, unknown>;

/** The config with one more model. */
function withModel(config: Config, name: string): Config {
  const models = config['models'] as Record<string, object>;
  return { ...config, models: { ...models, [name]: models['m'] } };
}

async function ready(url: string) {
  const response = await fetch(`${url}/health/ready`);
  return (await response.json()) as {
    status: string;
    config: { hash: string; error: string | null };
  };
}

async function serves(url: string, model: string): Promise<boolean> {
  return (await fetch(`${url}/v1/models/${model}`)).status === 200;
}

describe('a changed config file', () => {
  test('REL-1: it takes effect for new calls, and a call in flight keeps what it began with', async (t) => {
    const waiting: ServerResponse[] = [];
    const upstream = await fakeUpstream(t, (_request, response) => {
      waiting.push(response);
      return undefined;
    });
    const config = oneModelConfig(upstream.url);
    const proxy = await startProxy(t, config, { watch: true });
    const usage = { file: proxy.ledgerFile };
    const before = (await ready(proxy.url)).config.hash;
    const asked = proxy.post('/v1/chat/completions', { model: 'm' });
    await eventually('the call upstream', () => waiting.length > 0);
    const { m } = config['models'] as { m: object };
    await writeFile(proxy.configFile, stringify({ ...config, usage, models: { n: m } }));
    await eventually('the new model', () => serves(proxy.url, 'n'));
    assert.equal(await serves(proxy.url, 'm'), false);
    waiting[0]?.setHeader('content-type', 'application/json').end(EMPTY_ANSWER);
    assert.equal((await asked).status, 200);
    const { status, config: after } = await ready(proxy.url);
    assert.equal(status, 'ready');
    assert.notEqual(after.hash, before);
    const [line] = await proxy.ledger();
    assert.deepEqual([line?.['model'], line?.['config_hash']], ['m', before]);
  });

  test('REL-1: a broken one changes nothing, is told by /health/ready, and heals', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const config = oneModelConfig(upstream.url);
    const proxy = await startProxy(t, config, { watch: true });
    const good = await readFile(proxy.configFile, 'utf8');
    const { hash } = (await ready(proxy.url)).config;
    const broken = good.replace('provider: up', 'provider: upp');
    await writeFile(proxy.configFile, broken);
    const told = await eventually('the error', async () => {
      const health = await ready(proxy.url);
      return health.status === 'degraded' ? health.config : null;
    });
    assert.match(told.error ?? '', /models\.m\.provider: .*did you mean `up`/);
    assert.ok(!told.error?.includes('sk-upstream-secret'), 'SEC-3');
    assert.equal(told.hash, hash);
    assert.equal((await proxy.post('/v1/chat/completions', { model: 'm' })).status, 200);
    await writeFile(proxy.configFile, good);
    await eventually('the config to heal', async () => (await ready(proxy.url)).status === 'ready');
  });

  test('REL-2: editors that save by rename, and mounted maps that swap a link, work', async (t) => {
    const config = oneModelConfig('http://127.0.0.1:9');
    const renamed = await startProxy(t, config, { watch: true });
    const draft = `${renamed.configFile}~`;
    await writeFile(draft, stringify(withModel(config, 'renamed')));
    await rename(draft, renamed.configFile);
    await eventually('the renamed file', () => serves(renamed.url, 'renamed'));

    // As Kubernetes mounts a map: config.yaml → ..data/config.yaml, and ..data → a dated folder.
    const { configFile } = await writeConfig(t, '');
    const folder = dirname(configFile);
    const release = async (name: string, released: Config) => {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'mounted.yaml'), stringify(released));
      await symlink(name, join(folder, '..next'));
      await rename(join(folder, '..next'), join(folder, '..data'));
    };
    await release('..1', config);
    const mounted = join(folder, 'mounted.yaml');
    await symlink(join('..data', 'mounted.yaml'), mounted);
    const proxy = await startProxy(t, config, { watch: true, configFile: mounted });
    for (const [name, model] of [
      ['..2', 'second'],
      ['..3', 'third'],
    ] as const) {
      await release(name, withModel(config, model));
      await eventually(`the ${model} map`, () => serves(proxy.url, model));
    }
  });

  test('REL-1: SIGHUP reads the file again', async (t) => {
    const config = oneModelConfig('http://127.0.0.1:9');
    const { run, url, configFile, ledgerFile } = await serve(t, config);
    const usage = { file: ledgerFile };
    await writeFile(configFile, stringify({ ...withModel(config, 'hup'), usage }));
    run.kill('SIGHUP');
    await eventually('the new model', () => serves(url, 'hup'));
    run.kill('SIGTERM');
    assert.equal(await run.exited, 0);
  });

  test('REL-1: a file that is empty for a while is being written, not a config without models', async (t) => {
    const config = oneModelConfig('http://127.0.0.1:9');
    const proxy = await startProxy(t, config, { watch: true });
    const usage = { file: proxy.ledgerFile };
    await writeFile(proxy.configFile, '');
    // Longer than the silence that ends a change; what must not happen has no event to wait for.
    await pause(300);
    assert.equal(await serves(proxy.url, 'm'), true);
    await writeFile(proxy.configFile, stringify({ ...withModel(config, 'whole'), usage }));
    await eventually('the whole file', () => serves(proxy.url, 'whole'));
  });

  test('REL-1: of many changes in a row the last one stays', async (t) => {
    const config = oneModelConfig('http://127.0.0.1:9');
    const proxy = await startProxy(t, config, { watch: true });
    for (let version = 0; version < 20; version += 1) {
      await writeFile(proxy.configFile, stringify(withModel(config, `v${version}`)));
    }
    await eventually('the last version', () => serves(proxy.url, 'v19'));
    assert.equal(await serves(proxy.url, 'v18'), false);
  });

  test('REL-1: a ledger that grows in the same folder does not hide the change', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const config = oneModelConfig(upstream.url);
    const proxy = await startProxy(t, config, { watch: true });
    let busy = true;
    const calls = (async () => {
      while (busy) await proxy.post('/v1/chat/completions', { model: 'm' });
    })();
    const usage = { file: proxy.ledgerFile };
    await writeFile(proxy.configFile, stringify({ ...withModel(config, 'seen'), usage }));
    const seen = eventually('the change', () => serves(proxy.url, 'seen'), 5_000);
    await seen.finally(() => {
      busy = false;
    });
    await calls;
  });

  test('REL-1: a file that was gone or empty is told, and is fine again when it comes back as it was', async (t) => {
    const config = oneModelConfig('http://127.0.0.1:9');
    const proxy = await startProxy(t, config, { watch: true });
    const good = await readFile(proxy.configFile, 'utf8');
    for (const leave of [rm, (file: string) => writeFile(file, '')]) {
      await leave(proxy.configFile);
      await eventually('the loss to be told', async () => {
        const { error } = (await ready(proxy.url)).config;
        return error === 'The file is gone or empty.';
      });
      assert.equal(await serves(proxy.url, 'm'), true);
      await writeFile(proxy.configFile, good);
      await eventually('its return', async () => (await ready(proxy.url)).status === 'ready');
    }
    await rm(proxy.configFile);
    proxy.reload();
    await eventually('a reload of nothing', async () => {
      return (await ready(proxy.url)).config.error?.includes('There is no') ?? false;
    });
    await writeFile(proxy.configFile, good);
    await eventually('its return', async () => (await ready(proxy.url)).status === 'ready');
  });

  test('REL-2: a link above the file that is swapped, and a folder that is replaced, are noticed', async (t) => {
    const config = oneModelConfig('http://127.0.0.1:9');
    const { configFile } = await writeConfig(t, '');
    const folder = dirname(configFile);
    const release = async (name: string, model: string) => {
      await mkdir(join(folder, name), { recursive: true });
      const text = stringify(withModel(config, model));
      await writeFile(join(folder, name, 'config.yaml'), text);
    };
    const link = async (name: string) => {
      await symlink(name, join(folder, 'next'));
      await rename(join(folder, 'next'), join(folder, 'current'));
    };
    await release('r1', 'first');
    await link('r1');
    const followed = join(folder, 'current', 'config.yaml');
    const proxy = await startProxy(t, config, { watch: true, configFile: followed });
    await release('r2', 'second');
    await link('r2');
    await eventually('the swapped link', () => serves(proxy.url, 'second'));
    await release('r2', 'edited');
    await eventually('a later edit', () => serves(proxy.url, 'edited'));
    await release('r3', 'replaced');
    await rename(join(folder, 'r2'), join(folder, 'old'));
    await rename(join(folder, 'r3'), join(folder, 'r2'));
    await eventually('the replaced folder', () => serves(proxy.url, 'replaced'));
    await release('r2', 'last');
    await eventually('an edit in it', () => serves(proxy.url, 'last'));
  });
});
