import { generateKeyPairSync } from 'node:crypto';

/** A fresh RSA key pair in PEM form, as small as is accepted. */
export function createKeyPair(modulusLength = 2048) {
  return generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
