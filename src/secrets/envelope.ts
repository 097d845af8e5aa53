import { createPrivateKey, type KeyObject, webcrypto } from 'node:crypto';

/** The only way of encryption there is: an AES key for the text, wrapped by an RSA key. */
export const ENVELOPE_ALG = 'RSA-OAEP-256/A256GCM';

/** A provider key that only the holder of an RSA private key can read; bytes are base64 (SEC-5). */
export interface Envelope {
  v: 1;
  alg: typeof ENVELOPE_ALG;
  /** Which private key opens it. */
  keyId: string;
  /** A fresh AES-256 key, encrypted by RSA-OAEP with SHA-256. */
  wrappedKey: string;
  iv: string;
  /** By AES-256-GCM; its last 16 bytes are the tag. */
  ciphertext: string;
}

/** Why an envelope cannot be opened or made, for the owner of the config. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
}

/** The text in an envelope, off the main thread; rejects with an EnvelopeError. */
export async function openEnvelope(envelope: Envelope, privateKeyPem: string): Promise<string> {
  const privateKey = readPrivateKey(privateKeyPem, envelope.keyId);
  const aesKey = await unwrapKey(envelope, privateKey);
  const bytes = await decrypt(envelope, aesKey);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EnvelopeError('what was encrypted is not text');
  }
}

function readPrivateKey(pem: string, keyId: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new EnvelopeError(`the file for \`${keyId}\` holds no private key without a passphrase`);
  }
  if (key.asymmetricKeyType === 'rsa') return key;
  throw new EnvelopeError(`the private key \`${keyId}\` is not an RSA key`);
}

async function unwrapKey(envelope: Envelope, privateKey: KeyObject): Promise<webcrypto.CryptoKey> {
  const wrapped = Buffer.from(envelope.wrappedKey, 'base64');
  const rsa = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  try {
    const unwrapping = await webcrypto.subtle.importKey('pkcs8', der, rsa, false, ['decrypt']);
    const raw = await webcrypto.subtle.decrypt(rsa, unwrapping, wrapped);
    if (raw.byteLength !== 32) throw new Error('not an AES-256 key');
    return await webcrypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
  } catch {
    throw new EnvelopeError(
      `its \`wrappedKey\` does not open with the private key \`${envelope.keyId}\`: it was made with another public key, or has been changed`,
    );
  }
}

async function decrypt(envelope: Envelope, aesKey: webcrypto.CryptoKey): Promise<ArrayBuffer> {
  const iv = Buffer.from(envelope.iv, 'base64');
  const ciphertext = Buffer.from(envelope.ciphertext, 'base64');
  try {
    return await webcrypto.subtle.decrypt({ name: 'AES-GCM', iv }, aesKey, ciphertext);
  } catch {
    throw new EnvelopeError('its `iv` or `ciphertext` is not what was encrypted: it was changed');
  }
}
