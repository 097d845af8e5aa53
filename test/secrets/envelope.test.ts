import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Envelope, openEnvelope } from '../../src/secrets/envelope.ts';
import { sealEnvelope } from '../../src/secrets/seal-envelope.ts';
import { createKeyPair } from '../support/key-pair.ts';
import { hasOpenssl, sealWithOpenssl } from '../support/openssl-envelope.ts';

const TEXT = 'sk-proj-ÄÖ-0123456789';
const pair = createKeyPair();
const recipient = { publicKeyPem: pair.publicKey, keyId: 'rsa-1' };

/** As a page in a browser does it, call by call, with what every browser has. */
async function sealInBrowser(text: string, publicKeyPem: string): Promise<Envelope> {
  const { subtle } = webcrypto;
  const der = Buffer.from(publicKeyPem.replace(/-----.*-----|\n/g, ''), 'base64');
  const rsa = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const publicKey = await subtle.importKey('spki', der, rsa, false, ['wrapKey']);
  const aes = { name: 'AES-GCM', length: 256 };
  const aesKey = await subtle.generateKey(aes, true, ['encrypt']);
  const iv = webcrypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(text);
  const base64 = (buffer: ArrayBuffer) => Buffer.from(buffer).toString('base64');
  return {
    v: 1,
    alg: 'RSA-OAEP-256/A256GCM',
    keyId: 'rsa-1',
    wrappedKey: base64(await subtle.wrapKey('raw', aesKey, publicKey, rsa)),
    iv: Buffer.from(iv).toString('base64'),
    ciphertext: base64(await subtle.encrypt({ name: 'AES-GCM', iv }, aesKey, bytes)),
  };
}

/** The base64 of the same bytes with one bit turned over. */
function flipBit(base64: string, byte: number): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(byte) ^ 1, byte);
  return bytes.toString('base64');
}

describe('openEnvelope (SEC-5)', () => {
  test('opens what sealEnvelope made, which never makes the same twice', async () => {
    const [one, other] = await Promise.all([
      sealEnvelope(TEXT, recipient),
      sealEnvelope(TEXT, recipient),
    ]);
    assert.equal(await openEnvelope(one, pair.privateKey), TEXT);
    for (const part of ['wrappedKey', 'iv', 'ciphertext'] as const) {
      assert.notEqual(one[part], other[part]);
    }
  });

  test('opens what Web Crypto made', async () => {
    const envelope = await sealInBrowser(TEXT, pair.publicKey);
    assert.equal(await openEnvelope(envelope, pair.privateKey), TEXT);
  });

  test('opens what the OpenSSL command line made', async (t) => {
    if (!(await hasOpenssl())) return t.skip('there is no OpenSSL 3 here');
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
    t.after(() => rm(folder, { recursive: true }));
    const { envelope, privateKey } = await sealWithOpenssl(folder, TEXT, 'rsa-1');
    assert.equal(await openEnvelope(envelope, privateKey), TEXT);
  });

  test('another private key, of the same size or not, is named as the wrong one', async () => {
    const envelope = await sealEnvelope(TEXT, recipient);
    for (const bits of [2048, 3072]) {
      await assert.rejects(openEnvelope(envelope, createKeyPair(bits).privateKey), {
        name: 'EnvelopeError',
        message:
          'its `wrappedKey` does not open with the private key `rsa-1`: it was made with another public key, or has been changed',
      });
    }
  });

  test('one flipped bit anywhere is found', async () => {
    const envelope = await sealEnvelope(TEXT, recipient);
    const changed = 'its `iv` or `ciphertext` is not what was encrypted: it was changed';
    const { length } = Buffer.from(envelope.ciphertext, 'base64');
    const cases = [
      ...Array.from({ length }, (_, byte) => ({ ciphertext: flipBit(envelope.ciphertext, byte) })),
      ...Array.from({ length: 12 }, (_, byte) => ({ iv: flipBit(envelope.iv, byte) })),
    ];
    for (const part of cases) {
      const opening = openEnvelope({ ...envelope, ...part }, pair.privateKey);
      await assert.rejects(opening, { name: 'EnvelopeError', message: changed });
    }
    const wrapped = { ...envelope, wrappedKey: flipBit(envelope.wrappedKey, 100) };
    await assert.rejects(
      openEnvelope(wrapped, pair.privateKey),
      /^EnvelopeError: its `wrappedKey`/,
    );
  });

  test('a file that holds no RSA private key is told apart', async () => {
    const envelope = await sealEnvelope(TEXT, recipient);
    await assert.rejects(openEnvelope(envelope, 'nothing'), /holds no private key/);
    await assert.rejects(openEnvelope(envelope, pair.publicKey), /holds no private key/);
  });
});

describe('sealEnvelope (CLI-9)', () => {
  const seal = (publicKeyPem: string) => sealEnvelope(TEXT, { publicKeyPem, keyId: 'x' });

  test('takes a public RSA key of 2048 bits or more, and says what else it got', async () => {
    await assert.rejects(seal(pair.privateKey), /this is a private key/);
    await assert.rejects(seal('nothing'), /holds no public key/);
    await assert.rejects(seal(createKeyPair(1024).publicKey), /2048 bits or more/);
  });
});
