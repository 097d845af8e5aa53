import { createPublicKey, type KeyObject, webcrypto } from 'node:crypto';
import { ENVELOPE_ALG, type Envelope, EnvelopeError } from './envelope.ts';

/** What NIST and everyone after them ask of an RSA key today. */
const MIN_MODULUS_BITS = 2048;

interface Recipient {
  publicKeyPem: string;
  keyId: string;
}

/** Encrypts a text for whoever holds the private key; throws an EnvelopeError without a public key. */
export async function sealEnvelope(
  text: string,
  { publicKeyPem, keyId }: Recipient,
): Promise<Envelope> {
  const { subtle } = webcrypto;
  const rsa = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const spki = readPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' });
  const wrapping = await subtle.importKey('spki', spki, rsa, false, ['encrypt']);
  const rawKey = webcrypto.getRandomValues(new Uint8Array(32));
  const aesKey = await subtle.importKey('raw', rawKey, 'AES-GCM', false, ['encrypt']);
  const iv = webcrypto.getRandomValues(new Uint8Array(12));
  const wrappedKey = await subtle.encrypt(rsa, wrapping, rawKey);
  const bytes = new TextEncoder().encode(text);
  const ciphertext = await subtle.encrypt({ name: 'AES-GCM', iv }, aesKey, bytes);
  return {
    v: 1,
    alg: ENVELOPE_ALG,
    keyId,
    wrappedKey: toBase64(wrappedKey),
    iv: toBase64(iv),
    ciphertext: toBase64(ciphertext),
  };
}

function readPublicKey(pem: string): KeyObject {
  // A private key holds its public one, but has no business on the machine that encrypts.
  if (pem.includes('PRIVATE KEY')) {
    throw new EnvelopeError('this is a private key; name the file with the public one');
  }
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new EnvelopeError('this file holds no public key in PEM form');
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === 'rsa' && bits >= MIN_MODULUS_BITS) return key;
  throw new EnvelopeError(`an RSA key of ${MIN_MODULUS_BITS} bits or more is needed`);
}

function toBase64(bytes: ArrayBuffer | Uint8Array): string {
  return Buffer.from(bytes as ArrayBuffer).toString('base64');
}
