import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { createKeyVault } from '../../src/secrets/key-vault.ts';
import { sealEnvelope } from '../../src/secrets/seal-envelope.ts';
import { SealedSecret } from '../../src/secrets/sealed-secret.ts';
import { createKeyPair } from '../support/key-pair.ts';
import { createTestClock } from '../support/test-clock.ts';

const KEPT_MS = 5 * 60_000;
const pair = createKeyPair();

/** A vault with a private key on disk, and a way to make what it opens. */
async function setUp(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'rsa-1.pem');
  await writeFile(file, pair.privateKey);
  const clock = createTestClock();
  const vault = createKeyVault(clock);
  const seal = async (text: string, keyId = 'rsa-1') =>
    new SealedSecret(await sealEnvelope(text, { publicKeyPem: pair.publicKey, keyId }));
  const open = (secret: SealedSecret, id = 'p/main') =>
    vault.open({ id, secret, privateKeyFiles: { 'rsa-1': file } });
  return { clock, file, seal, open };
}

describe('key vault (SEC-5)', () => {
  test('a key is opened once, is at hand for five minutes, and is opened again after them', async (t) => {
    const { clock, file, seal, open } = await setUp(t);
    const secret = await seal('sk-one');
    const [first, second] = [open(secret), open(secret)];
    assert.equal(first, second, 'calls at the same time share the work');
    assert.equal(await first, 'sk-one');
    await rm(file);
    clock.advance(KEPT_MS - 1);
    assert.equal(open(secret), 'sk-one');
    clock.advance(1);
    await assert.rejects(Promise.resolve(open(secret)), /there is no .*rsa-1\.pem/);
    await writeFile(file, pair.privateKey);
    assert.equal(await open(secret), 'sk-one', 'a failure is not remembered');
  });

  test('a key that was rotated, or belongs to another provider, is opened for itself', async (t) => {
    const { file, seal, open } = await setUp(t);
    const secret = await seal('sk-old');
    assert.equal(await open(secret), 'sk-old');
    assert.equal(await open(await seal('sk-new')), 'sk-new');
    const reloaded = new SealedSecret({ ...secret.envelope });
    assert.equal(open(reloaded), 'sk-old', 'the same envelope after a reload is the same key');
    await rm(file);
    await assert.rejects(Promise.resolve(open(secret, 'q/main')), /there is no/);
  });

  test('an unknown keyId, and text that no header can carry, are refused', async (t) => {
    const { seal, open } = await setUp(t);
    await assert.rejects(
      Promise.resolve(open(await seal('sk-one', 'rsa-9'))),
      /there is no private key `rsa-9` under encryption\.private_keys/,
    );
    const injected = await seal('sk-one\r\nx-evil: 1');
    await assert.rejects(Promise.resolve(open(injected)), /holds a line break/);
  });
});
