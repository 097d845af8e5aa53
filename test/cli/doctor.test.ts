import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { sourceCommand } from '../support/source-command.ts';
import { runCli, temporaryDirectory } from './run-cli.ts';

const CONFIG = `
server: { port: 0 }
usage: { file: ./usage/usage.jsonl }
providers: { sim: { type: MOCK } }
models: { m: { provider: sim, pricing: { input: { text_cost_per_1k_tokens: 1 }, output: { text_cost_per_1k_tokens: 1 } } } }
`;

const PRLIMIT = '/usr/bin/prlimit';
const CANNOT_LIMIT = existsSync(PRLIMIT) ? false : 'there is no prlimit';

describe('signalbox doctor (CLI-11)', { concurrency: true }, () => {
  test('says that all is well, exits 0 and leaves nothing behind', async (context) => {
    const cwd = await temporaryDirectory(context);
    await writeFile(join(cwd, 'config.yaml'), CONFIG);
    const { code, stdout, stderr } = await runCli(['doctor'], { cwd });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /✓ config {7}config\.yaml is valid: 1 provider, 1 model, 0 variants\n/);
    assert.match(
      stdout,
      /✓ ledger {7}\.\/usage\/usage\.jsonl can be written; \d+ [MG]B are free\n/,
    );
    assert.match(
      stdout,
      /✓ rehearsal {4}m at sim: answers, ledger lines and costs agree on 4 surf/,
    );
    assert.match(stderr, /^All is well\. The providers were not asked/);
    assert.deepEqual(await readdir(cwd), ['config.yaml']);
  });

  test('a config with errors is told first, as JSON too, and exits 1', async (context) => {
    const cwd = await temporaryDirectory(context);
    await writeFile(join(cwd, 'config.yaml'), 'models: { m: { provider: nobody } }\n');
    const { code, stdout, stderr } = await runCli(['doctor', '--json'], { cwd });
    assert.deepEqual([code, stderr], [1, '']);
    const [first] = JSON.parse(stdout);
    assert.deepEqual([first.subject, first.state], ['config', 'failed']);
    assert.match(first.says, /unknown provider `nobody`/);
    assert.equal((await runCli(['doctor', '--config', 'none.yaml'], { cwd })).code, 1);
    assert.equal((await runCli(['doctor', '--nonsense'], { cwd })).code, 2);
  });

  test('an address that is taken is found', async (context) => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    context.after(() => server.close());
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const cwd = await temporaryDirectory(context);
    await writeFile(join(cwd, 'config.yaml'), CONFIG.replace('port: 0', `port: ${address.port}`));
    const { code, stdout } = await runCli(['doctor'], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /✗ address .*\n +→ Port \d+ is taken on 127\.0\.0\.1/);
  });

  test('a full disk is found, and what to do', { skip: CANNOT_LIMIT }, async (context) => {
    const cwd = await temporaryDirectory(context);
    await writeFile(join(cwd, 'config.yaml'), CONFIG);
    const command = [...sourceCommand('src/cli/index.ts'), 'doctor'];
    const stdout = await new Promise<string>((resolve) => {
      execFile(PRLIMIT, ['--fsize=8192', ...command], { cwd }, (_error, out) => resolve(out));
    });
    assert.match(stdout, /✗ ledger .* cannot be written: files may not grow that large \(EFBIG\)/);
    assert.match(stdout, /→ Raise the limit of file sizes/);
  });

  test('a ledger in a place that is no folder is found', async (context) => {
    const cwd = await temporaryDirectory(context);
    const config = CONFIG.replace('./usage/usage.jsonl', './config.yaml/usage.jsonl');
    await writeFile(join(cwd, 'config.yaml'), config);
    const { code, stdout } = await runCli(['doctor'], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /✗ ledger .* cannot be written: a part of its path is no folder/);
  });
});
