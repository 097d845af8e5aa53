import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { listeningUrl, runCli, serve, startCli, writeConfig } from '../support/start-cli.ts';

const CONFIG = {
  providers: { sim: { type: 'MOCK', config: { ttft_ms: 300 } } },
  models: { m: { provider: 'sim', pricing: 'none' } },
};

const REQUEST = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };

function post(url: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(REQUEST);
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
}

describe('signalbox serve', () => {
  test('CLI-1, REL-3: it prints one line, finishes what is in flight on SIGTERM, and exits 0', async (t) => {
    const { run, url, ledgerFile } = await serve(t, CONFIG);
    assert.equal(run.stdout, `Signalbox listens on ${url}\n`);
    const asked = post(url);
    // The proxy answers after its simulator; by the end of this round trip it has the call.
    await fetch(`${url}/health/live`);
    run.kill('SIGTERM');
    await eventually('the port to close', () =>
      fetch(`${url}/health/live`).then(
        () => false,
        () => true,
      ),
    );
    const response = await asked;
    assert.equal(response.status, 200);
    assert.match(await response.text(), /You said: Hi/);
    assert.equal(await run.exited, 0);
    assert.equal(run.stdout.split('\n').length, 2);
    const lines = (await readFile(ledgerFile, 'utf8')).trim().split('\n');
    assert.equal(lines.length, 1);
    assert.equal(JSON.parse(lines[0] ?? '').http_status, 200);
  });

  test('CLI-1, CLI-3: with a bad config it exits 1 and tells every error with its place', async (t) => {
    const { configFile } = await writeConfig(
      t,
      [
        'providers:',
        '  sim: { type: MOCKK }',
        'models:',
        '  m: { provider: simm }',
        'sever: {}',
        'admin_key: os.environ/NOT_SET',
      ].join('\n'),
    );
    const { code, stdout, stderr } = await runCli(t, ['--config', configFile, '--port', '0']);
    assert.deepEqual([code, stdout], [1, '']);
    for (const says of [
      /^config\.yaml:2:\d+ providers\.sim\.type: /m,
      /^config\.yaml:4:\d+ models\.m\.provider: .*did you mean `sim`/m,
      /^config\.yaml:5:1 sever: .*did you mean `server`/m,
      /^config\.yaml:6:\d+ admin_key: .*NOT_SET/m,
    ]) {
      assert.match(stderr, says);
    }
    assert.ok(!/at .*\.ts:\d+/.test(stderr), stderr);
  });

  test('CLI-1: a port that is taken is told in words', async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    t.after(() => other.close());
    await eventually('the other server', () => other.listening);
    const { port } = other.address() as AddressInfo;
    const { configFile } = await writeConfig(t, CONFIG);
    const { code, stderr } = await runCli(t, ['--config', configFile, '--port', String(port)]);
    assert.equal(code, 1);
    assert.equal(
      stderr.trim(),
      `Port ${port} is taken on 127.0.0.1. Is Signalbox running already? Choose another with --port.`,
    );
  });

  test('CLI-1, SEC-1: no config, and an open wide bind, are refused with what to do', async (t) => {
    const { configFile } = await writeConfig(t, CONFIG);
    const cwd = await mkdtemp(join(tmpdir(), 'signalbox-'));
    t.after(() => rm(cwd, { recursive: true }));
    const [missing, wide] = await Promise.all([
      runCli(t, [], { cwd }),
      runCli(t, ['serve', '--config', configFile, '--host', '0.0.0.0']),
    ]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /There is no config\.yaml\. `signalbox init` writes one/);
    assert.equal(wide.code, 1);
    assert.match(wide.stderr, /--allow-open/);
  });

  test('CLI-1: what is no usage exits 2', async (t) => {
    const { configFile } = await writeConfig(t, CONFIG);
    const ports = ['abc', '', '0x1f', '1e3', ' 80', '65536', '-1'].map((port) => [
      `--port=${port}`,
    ]);
    const places = [...ports, ['--host', '']].map((words) => [...words, '--config', configFile]);
    const runs = [...places, ['--no-such-option']];
    for (const { code, stdout, stderr } of await Promise.all(runs.map((args) => runCli(t, args)))) {
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^error: /);
    }
  });

  test('CLI-1: a log level that does not exist exits 2 and lists those that do', async (t) => {
    const { configFile } = await writeConfig(t, CONFIG);
    const words = ['--log-level', 'verbose', '--config', configFile];
    const { code, stdout, stderr } = await runCli(t, words);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^error: .*'verbose'.*trace, debug, info, warn, error, fatal, silent/);
    assert.doesNotMatch(stderr, /\n +at /);
  });

  test('CLI-1, CFG-3: options win over the file, variables stand in for its values, SIGINT ends it', async (t) => {
    const { configFile, ledgerFile } = await writeConfig(t, {
      ...CONFIG,
      server: { host: '10.11.12.13', port: 'os.environ/PORT' },
      log: { level: 'silent' },
    });
    const args = [
      '--config',
      configFile,
      '--host',
      'localhost',
      '--log-level',
      'debug',
      '--no-watch',
    ];
    const run = startCli(t, args, { variables: { PORT: '0' } });
    const url = await listeningUrl(run);
    assert.match(url, /^http:\/\/localhost:\d+$/);
    assert.equal((await post(url)).status, 200);
    assert.ok((await readFile(ledgerFile, 'utf8')).endsWith('}\n'));
    // The client keeps its connection, which must not keep the proxy.
    run.kill('SIGINT');
    assert.equal(await run.exited, 0);
  });

  test('CLI-1: an IPv6 address may stand in brackets, as in a URL', async (t) => {
    const { configFile } = await writeConfig(t, { ...CONFIG, server: { host: '[::1]' } });
    const words = ['--config', configFile, '--port', '0'];
    const [byFile, byOption] = [startCli(t, words), startCli(t, [...words, '--host', '[::1]'])];
    for (const run of [byFile, byOption]) {
      assert.match(await listeningUrl(run), /^http:\/\/\[::1\]:\d+$/);
    }
  });

  test('CLI-1: it starts and serves although nobody reads what it says', async (t) => {
    const { configFile } = await writeConfig(t, CONFIG);
    const other = createServer().listen(0, '127.0.0.1');
    await eventually('a free port', () => other.listening);
    const { port } = other.address() as AddressInfo;
    await new Promise((resolve) => other.close(resolve));
    const run = startCli(t, ['--config', configFile, '--port', String(port)]);
    run.deafen();
    const url = `http://127.0.0.1:${port}`;
    await eventually('the proxy', () =>
      fetch(`${url}/health/live`).then(
        () => true,
        () => false,
      ),
    );
    run.kill('SIGHUP');
    assert.equal((await post(url)).status, 200);
    run.kill('SIGTERM');
    assert.equal(await run.exited, 0);
  });
});
