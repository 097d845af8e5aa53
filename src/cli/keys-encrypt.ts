import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Envelope } from '../secrets/envelope.ts';

interface EncryptOptions {
  publicKey: string;
  id: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ signalbox keys encrypt --public-key keys/rsa-2026.public.pem --id rsa-2026
  $ pass openai | signalbox keys encrypt --public-key keys/rsa-2026.public.pem --id rsa-2026 --json

Reads one provider key from stdin, so that it stands in no process list and no shell history, and
prints the line that goes under providers.NAME.keys. --json prints the envelope alone, on one line: an
environment variable can hold it.`;

/** `signalbox keys encrypt`: puts a provider key into an envelope (CLI-9, SEC-5). */
export function registerKeysEncrypt(keys: Command): void {
  keys
    .command('encrypt')
    .description('encrypt a provider key for the config; reads it from stdin')
    .requiredOption('--public-key <file>', 'the public key of the pair, in PEM form')
    .requiredOption('--id <id>', 'the name of the pair under encryption.private_keys')
    .option('--json', 'print the envelope as one line of JSON')
    .addHelpText('after', EXAMPLES)
    .action(encrypt);
}

async function encrypt({ publicKey, id, json = false }: EncryptOptions): Promise<void> {
  const { EnvelopeError } = await import('../secrets/envelope.ts');
  const { sealEnvelope } = await import('../secrets/seal-envelope.ts');
  const { previewOf } = await import('../secrets/preview-of.ts');
  const { readSecret } = await import('./read-secret.ts');
  try {
    const publicKeyPem = await readFile(publicKey, 'utf8');
    const key = await readSecret('The provider key, which is not shown: ');
    if (key === null) {
      console.error('stdin must hold one key on one line, and nothing else');
      process.exitCode = 1;
      return;
    }
    const envelope = await sealEnvelope(key, { publicKeyPem, keyId: id });
    console.log(json ? JSON.stringify(envelope) : formatYaml(envelope, previewOf(key)));
  } catch (error) {
    const isOurs = error instanceof EnvelopeError || (error instanceof Error && 'code' in error);
    if (!isOurs) throw error;
    const isMissing = 'code' in error && error.code === 'ENOENT';
    console.error(isMissing ? `There is no ${publicKey}.` : `${publicKey}: ${error.message}`);
    process.exitCode = 1;
  }
}

/** On one line, so that no indentation gets lost when it is pasted. */
function formatYaml({ v, ...texts }: Envelope, preview: string): string {
  const members = Object.entries(texts).map(([name, text]) => `${name}: ${JSON.stringify(text)}`);
  const envelope = `{ v: ${v}, ${members.join(', ')} }`;
  return `default: { key: ${envelope}, key_preview: ${JSON.stringify(preview)} }`;
}
