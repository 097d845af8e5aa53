import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli, temporaryDirectory } from './run-cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const ONE_MODEL = `
providers: { sim: { type: MOCK } }
models: { m: { provider: sim, pricing: none } }
`;

describe('signalbox check (CLI-3)', { concurrency: true }, () => {
  test('ten mistakes are ten lines on stdout, a summary on stderr, and exit 1', async () => {
    const file = 'test/config/fixtures/ten-mistakes.yaml';
    const env = { ANTHROPIC_API_KEY: 'sk-ant-canary' };
    const { code, stdout, stderr } = await runCli(['check', '--config', file], { cwd: root, env });
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, 10);
    for (const line of lines)
      assert.match(line, /^test\/config\/fixtures\/ten-mistakes\.yaml:\d+:\d+ \S+: /);
    assert.equal(lines[0], `${file}:2:3 server.prot: unknown key \`prot\`; did you mean \`port\`?`);
    assert.equal(stderr, `${file}: 10 errors, 0 warnings\n`);
    assert.equal(code, 1);
  });

  test('the example config is clean', async () => {
    const { code, stdout, stderr } = await runCli(['check', '-c', 'config.example.yaml'], {
      cwd: root,
    });
    assert.deepEqual([code, stdout, stderr], [0, '', 'config.example.yaml is valid\n']);
  });

  test('warnings exit 0, and --json tells everything', async (context) => {
    const cwd = await temporaryDirectory(context);
    await writeFile(join(cwd, 'config.yaml'), `model_alias: { self: self }\n${ONE_MODEL}`);
    const text = await runCli(['check'], { cwd });
    assert.equal(
      text.stdout,
      'config.yaml:1:22 model_alias.self: warning: points to itself and is ignored\n',
    );
    const { code, stdout, stderr } = await runCli(['check', '--json'], { cwd });
    assert.deepEqual(JSON.parse(stdout), [
      {
        file: 'config.yaml',
        severity: 'warning',
        line: 1,
        column: 22,
        path: 'model_alias.self',
        message: 'points to itself and is ignored',
      },
    ]);
    assert.deepEqual([text.code, code, stderr], [0, 0, '']);
  });

  test('SEC-1: a bind that serve refuses is a warning at its place', async (context) => {
    const cwd = await temporaryDirectory(context);
    const served =
      'server: { host: 0.0.0.0 }\nproviders: { p: { type: MOCK } }\nmodels: { m: { provider: p, pricing: none } }\n';
    await writeFile(join(cwd, 'config.yaml'), served);
    const { code, stdout, stderr } = await runCli(['check'], { cwd });
    assert.equal(
      stdout,
      'config.yaml:1:17 server.host: warning: listens on 0.0.0.0 without `api_keys`: `signalbox serve` refuses this unless --allow-open is given\n',
    );
    assert.deepEqual([code, stderr], [0, 'config.yaml: 0 errors, 1 warning\n']);
    await writeFile(
      join(cwd, 'config.yaml'),
      `${served}api_keys: {}\nadmin_key: os.environ/PATH\n`,
    );
    assert.equal((await runCli(['check'], { cwd })).stdout, '');
  });

  test('a file that is not there exits 1 and says how to make one', async (context) => {
    const cwd = await temporaryDirectory(context);
    const { code, stdout, stderr } = await runCli(['check'], { cwd });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /no config\.yaml.*signalbox init/);
  });

  test('a folder in place of the file is told to be one', async (context) => {
    const cwd = await temporaryDirectory(context);
    const { code, stderr } = await runCli(['check', '--config', '.'], { cwd });
    assert.deepEqual([code, stderr], [1, '. is a folder; name the config file in it.\n']);
  });

  test('bad usage exits 2, and --help shows examples', async () => {
    assert.equal((await runCli(['check', '--colour'])).code, 2);
    const { code, stdout } = await runCli(['check', '--help']);
    assert.equal(code, 0);
    assert.match(stdout, /Examples:\n {2}\$ signalbox check/);
  });

  test('colour is for terminals only', async (context) => {
    const cwd = await temporaryDirectory(context);
    await writeFile(join(cwd, 'config.yaml'), 'nothing: known\n');
    const { stdout } = await runCli(['check'], { cwd });
    assert.ok(!stdout.includes('\u001b'), stdout);
  });
});
