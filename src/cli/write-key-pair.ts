import { generateKeyPair } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** As strong as AES-128: https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-57pt1r5.pdf */
const MODULUS_BITS = 3072;

/**
 * Writes a fresh RSA key pair as PEM, the private key for its owner only (0600); throws EEXIST before
 * anything is lost where one of the files is there.
 */
export async function writeKeyPair(
  folder: string,
  id: string,
): Promise<{ privateFile: string; publicFile: string }> {
  const privateFile = join(folder, `${id}.pem`);
  const publicFile = join(folder, `${id}.public.pem`);
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: MODULUS_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(privateFile, privateKey, { flag: 'wx', mode: 0o600 });
  try {
    await writeFile(publicFile, publicKey, { flag: 'wx', mode: 0o644 });
  } catch (error) {
    // Half a pair would only be in the way of the next try.
    await rm(privateFile);
    throw error;
  }
  return { privateFile, publicFile };
}
