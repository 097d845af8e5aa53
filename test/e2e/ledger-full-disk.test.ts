import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { listeningUrl, startCli, writeConfig } from '../support/start-cli.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, WIRES, type Wire } from '../support/wires.ts';

const [chat] = WIRES as [Wire];

const DISK_BYTES = 8 * 1024;

interface Ready {
  status: string;
  ledger: { healthy: boolean; lost: number; lastError?: string };
}

async function ready(url: string): Promise<{ http: number } & Ready> {
  const response = await fetch(`${url}/health/ready`);
  return { http: response.status, ...((await response.json()) as Ready) };
}

const setLimit = promisify(execFile);

/** A proxy whose files may not grow beyond 8 KiB once it runs, as if the disk ended there. */
async function serveOnSmallDisk(t: TestContext, durability: string) {
  const upstream = await fakeUpstream(t, plainAnswer(chat));
  const { configFile, ledgerFile } = await writeConfig(t, '');
  const usage = { file: ledgerFile, durability };
  await writeFile(configFile, stringify({ ...oneModelConfig(upstream.url), usage }));
  const run = startCli(t, ['serve', '--config', configFile, '--port', '0']);
  const url = await listeningUrl(run);
  // The soft limit alone, which can be raised again.
  const limitFiles = (bytes: number | 'unlimited') =>
    setLimit('prlimit', ['--pid', String(run.pid), `--fsize=${bytes}:`]);
  await limitFiles(DISK_BYTES);
  const call = async () => {
    const body = JSON.stringify(chat.request('m', false));
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url + chat.path('m'), { method: 'POST', headers, body });
    await response.text();
    return response.status;
  };
  const stop = () => {
    run.kill('SIGTERM');
    return run.exited;
  };
  const makeRoom = () => limitFiles('unlimited');
  return { url, ledgerFile, call, makeRoom, stop, log: () => run.stderr };
}

async function countLines(...files: string[]): Promise<number> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const lines = texts.join('').split('\n').filter(Boolean);
  for (const line of lines) JSON.parse(line);
  return lines.length;
}

const CANNOT_LIMIT = existsSync('/usr/bin/prlimit')
  ? false
  : 'there is no prlimit to limit files with';

describe('a ledger on a full disk', { skip: CANNOT_LIMIT }, () => {
  for (const durability of ['os', 'relaxed']) {
    test(`LED-3: ${durability}: calls go on, every lost line is counted, and it heals`, async (t) => {
      const { url, ledgerFile, call, makeRoom, stop, log } = await serveOnSmallDisk(t, durability);
      let calls = 0;
      const callOn = async () => {
        calls += 1;
        assert.equal(await call(), 200);
        return (await ready(url)).status === 'degraded';
      };
      await eventually('the full disk', callOn, 60_000);
      for (let more = 0; more < 5; more += 1) await callOn();
      const full = await ready(url);
      assert.deepEqual([full.http, full.status, full.ledger.healthy], [200, 'degraded', false]);
      assert.match(full.ledger.lastError ?? '', /EFBIG|ENOSPC/);
      assert.equal(log().match(/The usage ledger cannot be written/g)?.length, 1);

      await rename(ledgerFile, `${ledgerFile}.full`);
      await eventually('a new ledger', async () => {
        await callOn();
        // A short line may still have fitted into the full file.
        return existsSync(ledgerFile) && (await ready(url)).status === 'ready';
      });
      assert.match(log(), /The usage ledger is written again/);
      // A fast machine fills the new file too before it stops.
      await makeRoom();
      const { lost } = (await ready(url)).ledger;
      assert.equal(await stop(), 0);
      assert.equal((await countLines(ledgerFile, `${ledgerFile}.full`)) + lost, calls);
      assert.ok(lost >= 1);
    });
  }

  test('LED-3: disk: calls are refused with 503 from the first loss until the file can be written', async (t) => {
    const { url, ledgerFile, call, stop } = await serveOnSmallDisk(t, 'disk');
    let answered = 0;
    await eventually(
      'the full disk',
      async () => {
        const status = await call();
        if (status === 200) answered += 1;
        return status === 503;
      },
      60_000,
    );
    const full = await ready(url);
    assert.deepEqual([full.http, full.status], [503, 'unavailable']);
    assert.equal(full.ledger.lost, 1, 'the one call that found out');
    await rename(ledgerFile, `${ledgerFile}.full`);
    await eventually('calls to be let in again', async () => {
      const status = await call();
      if (status === 200) answered += 1;
      return status === 200;
    });
    assert.equal((await ready(url)).status, 'ready');
    assert.equal(await stop(), 0);
    assert.equal((await countLines(ledgerFile, `${ledgerFile}.full`)) + 1, answered);
  });
});

describe('a ledger that cannot be written', () => {
  for (const [durability, status] of [
    ['os', 200],
    ['relaxed', 200],
    ['disk', 503],
  ] as const) {
    test(`LED-3: ${durability}: the proxy starts, tells, and answers calls with ${status}`, async (t) => {
      const upstream = await fakeUpstream(t, plainAnswer(chat));
      const { configFile } = await writeConfig(t, '');
      // A file stands where the folder would have to be; root may write everywhere else.
      const usage = { file: join(configFile, 'usage.jsonl'), durability };
      const proxy = await startProxy(t, { ...oneModelConfig(upstream.url), usage });
      const answer = await proxy.post(chat.path('m'), chat.request('m', false));
      assert.equal(answer.status, status);
      const told = await eventually('the loss', async () => {
        const health = await ready(proxy.url);
        return health.ledger.healthy ? null : health;
      });
      assert.equal(told.status, status === 200 ? 'degraded' : 'unavailable');
      if (status === 200) {
        await eventually('its count', async () => (await ready(proxy.url)).ledger.lost === 1);
      }
    });
  }
});
