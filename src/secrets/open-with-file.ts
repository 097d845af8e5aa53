import { readFile } from 'node:fs/promises';
import { type Envelope, EnvelopeError, openEnvelope } from './envelope.ts';

/** PEM files by key id. */
export type PrivateKeyFiles = Readonly<Record<string, string>>;

/** The credential in an envelope, by the private key that it names; rejects with an EnvelopeError. */
export async function openWithFile(envelope: Envelope, files: PrivateKeyFiles): Promise<string> {
  const { keyId } = envelope;
  const file = Object.hasOwn(files, keyId) ? files[keyId] : undefined;
  if (file === undefined) {
    throw new EnvelopeError(`there is no private key \`${keyId}\` under encryption.private_keys`);
  }
  const text = await openEnvelope(envelope, await readPem(file, keyId));
  // A header is where it goes, and a line break could begin another one.
  if (/^[\t\x20-\x7e]+$/.test(text)) return text;
  throw new EnvelopeError('what was encrypted holds a line break or is no key at all');
}

async function readPem(file: string, keyId: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT')
      throw new EnvelopeError(`there is no ${file} with private key \`${keyId}\``);
    throw new EnvelopeError(`the private key \`${keyId}\` cannot be read from ${file}: ${code}`);
  }
}
