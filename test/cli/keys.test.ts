import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { openEnvelope } from '../../src/secrets/envelope.ts';
import { createKeyPair } from '../support/key-pair.ts';
import { runCli, temporaryDirectory } from './run-cli.ts';

const KEYPAIR = ['keys', 'keypair', '--out', 'keys', '--id', 'rsa-1'];
const ENCRYPT = ['keys', 'encrypt', '--public-key', 'public.pem', '--id', 'rsa-1'];

describe('signalbox keys (CLI-9)', { concurrency: true }, () => {
  test('a public key that is not there is told in words', async (t) => {
    const cwd = await temporaryDirectory(t);
    const run = await runCli(ENCRYPT, { cwd, input: 'sk-1' });
    assert.deepEqual(run, { code: 1, stdout: '', stderr: 'There is no public.pem.\n' });
  });

  test('keypair writes a private key for its owner alone, and never over another', async (t) => {
    const cwd = await temporaryDirectory(t);
    const made = await runCli(KEYPAIR, { cwd });
    assert.deepEqual(
      [made.code, made.stdout],
      [0, 'encryption:\n  private_keys:\n    rsa-1: keys/rsa-1.pem\n'],
    );
    const file = join(cwd, 'keys/rsa-1.pem');
    if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
    const pem = await readFile(file, 'utf8');
    assert.ok(!`${made.stdout}${made.stderr}`.includes(pem.slice(40, 80)));

    const again = await runCli(KEYPAIR, { cwd });
    assert.deepEqual([again.code, again.stdout], [1, '']);
    assert.match(again.stderr, /keys\/rsa-1\.pem exists already, and a key is never overwritten/);
    assert.equal(await readFile(file, 'utf8'), pem);
  });

  test('keypair leaves no half of a pair behind', async (t) => {
    const cwd = await temporaryDirectory(t);
    await writeFile(join(cwd, 'rsa-1.public.pem'), 'mine');
    const { code } = await runCli(['keys', 'keypair', '--out', '.', '--id', 'rsa-1'], { cwd });
    assert.equal(code, 1);
    assert.deepEqual(await readdir(cwd), ['rsa-1.public.pem']);
    assert.equal(await readFile(join(cwd, 'rsa-1.public.pem'), 'utf8'), 'mine');
  });

  test('an id that would leave the folder is bad usage', async () => {
    const { code } = await runCli(['keys', 'keypair', '--out', '.', '--id', '../rsa']);
    assert.equal(code, 2);
  });

  test('encrypt reads the key from stdin and prints what can be pasted', async (t) => {
    const cwd = await temporaryDirectory(t);
    const { publicKey, privateKey } = createKeyPair();
    await writeFile(join(cwd, 'public.pem'), publicKey);
    const input = 'sk-canary-0001\n';
    const yaml = await runCli(ENCRYPT, { cwd, input });
    assert.deepEqual([yaml.code, yaml.stderr], [0, '']);
    const { default: entry } = parse(yaml.stdout);
    assert.equal(entry.key_preview, 'sk-…0001');
    assert.equal(await openEnvelope(entry.key, privateKey), 'sk-canary-0001');
    const json = await runCli([...ENCRYPT, '--json'], { cwd, input });
    assert.equal(await openEnvelope(JSON.parse(json.stdout), privateKey), 'sk-canary-0001');
    assert.ok(!`${yaml.stdout}${json.stdout}`.includes('canary'));
  });

  test('encrypt says what is wrong with its stdin and with its key file', async (t) => {
    const cwd = await temporaryDirectory(t);
    await writeFile(join(cwd, 'public.pem'), createKeyPair().privateKey);
    const empty = await runCli(ENCRYPT, { cwd, input: '' });
    assert.deepEqual(
      [empty.code, empty.stdout, empty.stderr],
      [1, '', 'stdin must hold one key on one line, and nothing else\n'],
    );
    const wrong = await runCli(ENCRYPT, { cwd, input: 'sk-canary' });
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /^public\.pem: this is a private key/);
  });
});
