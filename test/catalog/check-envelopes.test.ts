import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { formatProblem } from '../../src/config/finding.ts';
import { sealEnvelope } from '../../src/secrets/seal-envelope.ts';
import { createKeyPair } from '../support/key-pair.ts';

const pair = createKeyPair();
const seal = (keyId: string) =>
  sealEnvelope('sk-canary-0001', { publicKeyPem: pair.publicKey, keyId });

async function writePrivateKey(t: TestContext, pem = pair.privateKey): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'key.pem');
  await writeFile(file, pem, { mode: 0o600 });
  return file;
}

async function problemsOf(config: Record<string, unknown>): Promise<string[]> {
  const models = { m: { provider: 'p', pricing: 'none' } };
  const text = stringify({ models, providers: { p: { type: 'MOCK' } }, ...config });
  const { problems } = await loadCatalog({ text, environment: {} });
  return problems.map((problem) => formatProblem('', problem).replace(/^\S+ /, ''));
}

describe('checkEnvelopes (SEC-5)', () => {
  test('what opens is not mentioned, nor what no call can need', async (t) => {
    const file = await writePrivateKey(t);
    const unknown = await seal('rsa-9');
    const problems = await problemsOf({
      encryption: { private_keys: { 'rsa-1': file } },
      providers: {
        p: { type: 'OPENAI', keys: { a: await seal('rsa-1'), b: { key: unknown, revoked: true } } },
        off: { type: 'OPENAI', enabled: false, keys: { a: unknown } },
      },
    });
    assert.deepEqual(problems, []);
  });

  test('an unknown keyId, a wrong private key and a missing file stop the config', async (t) => {
    const file = await writePrivateKey(t);
    const other = await writePrivateKey(t, createKeyPair().privateKey);
    const problems = await problemsOf({
      encryption: { private_keys: { 'rsa-1': file, wrong: other, gone: `${file}.gone` } },
      providers: {
        p: {
          type: 'OPENAI',
          keys: { a: await seal('rsa-2'), b: await seal('wrong'), c: await seal('gone') },
        },
      },
    });
    const at = 'providers.p.keys';
    assert.deepEqual(problems, [
      `${at}.a: cannot be decrypted: there is no private key \`rsa-2\` under encryption.private_keys; did you mean \`rsa-1\`?`,
      `${at}.b: cannot be decrypted: its \`wrappedKey\` does not open with the private key \`wrong\`: it was made with another public key, or has been changed`,
      `${at}.c: cannot be decrypted: there is no ${file}.gone with private key \`gone\``,
    ]);
  });

  test('a private key that others may read is warned of', async (t) => {
    if (process.platform === 'win32') return t.skip('Windows has no such rights');
    const file = await writePrivateKey(t);
    await chmod(file, 0o644);
    assert.deepEqual(await problemsOf({ encryption: { private_keys: { k: file } } }), [
      'encryption.private_keys.k: warning: others on this machine may read the private key: `chmod 600` its file',
    ]);
  });
});
