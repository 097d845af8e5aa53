/** A provider key that only the holder of the private key can read (SEC-5). */
export interface Envelope {
  v: 1;
  alg: 'RSA-OAEP-256/A256GCM';
  keyId: string;
  wrappedKey: string;
  iv: string;
  ciphertext: string;
}

/** Encrypts a text in this browser; throws where the PEM text holds no public RSA key. */
export async function sealKey(
  text: string,
  keyId: string,
  publicKeyPem: string,
): Promise<Envelope> {
  const { subtle } = crypto;
  const rsa = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const wrapping = await subtle.importKey('spki', readPem(publicKeyPem), rsa, false, ['encrypt']);
  const rawKey = crypto.getRandomValues(new Uint8Array(32));
  const aesKey = await subtle.importKey('raw', rawKey, 'AES-GCM', false, ['encrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const wrappedKey = await subtle.encrypt(rsa, wrapping, rawKey);
  const ciphertext = await subtle.encrypt(
    { name: 'AES-GCM', iv },
    aesKey,
    new TextEncoder().encode(text),
  );
  return {
    v: 1,
    alg: 'RSA-OAEP-256/A256GCM',
    keyId,
    wrappedKey: toBase64(new Uint8Array(wrappedKey)),
    iv: toBase64(iv),
    ciphertext: toBase64(new Uint8Array(ciphertext)),
  };
}

/** The first 3 and last 4 characters of a credential, or nothing of one too short to hide. */
export function previewOf(credential: string): string {
  return credential.length < 12 ? '…' : `${credential.slice(0, 3)}…${credential.slice(-4)}`;
}

function readPem(pem: string): Uint8Array<ArrayBuffer> {
  const [, base64] = /-----BEGIN PUBLIC KEY-----([\s\S]+?)-----END PUBLIC KEY-----/.exec(pem) ?? [];
  if (base64 === undefined) throw new Error('This is no public key in PEM form.');
  return Uint8Array.from(atob(base64.replace(/\s/g, '')), (character) => character.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
