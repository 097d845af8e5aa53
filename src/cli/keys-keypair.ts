import type { Command } from 'commander';
import { explainWriteError } from './explain-write-error.ts';

interface KeypairOptions {
  out: string;
  id: string;
}

const EXAMPLES = `
Examples:
  $ signalbox keys keypair --out keys --id provider-key-rsa-2026

Writes keys/provider-key-rsa-2026.pem, which Signalbox decrypts provider keys with and nobody else
should read, and keys/provider-key-rsa-2026.public.pem, which anyone may encrypt with. Prints the
lines for the config. Nothing is overwritten.`;

/** What a file can be called everywhere. */
const FILE_NAME = /^[A-Za-z0-9][\w.-]*$/;

/** `signalbox keys keypair`: makes the RSA keys that provider keys are encrypted with (CLI-9). */
export function registerKeysKeypair(keys: Command): void {
  keys
    .command('keypair')
    .description('make the key pair that provider keys are encrypted with')
    .requiredOption('--out <folder>', 'where the two files go; it is made if it does not exist')
    .requiredOption('--id <id>', 'the name of the pair, which envelopes carry as keyId')
    .addHelpText('after', EXAMPLES)
    .action(makeKeypair);
}

async function makeKeypair({ out, id }: KeypairOptions, command: Command): Promise<void> {
  if (!FILE_NAME.test(id)) {
    const message = `error: --id becomes a file name: letters, digits, '.', '_' and '-', not '${id}'`;
    command.error(message, { exitCode: 2 });
  }
  const { writeKeyPair } = await import('./write-key-pair.ts');
  try {
    const { privateFile, publicFile } = await writeKeyPair(out, id);
    console.error(`Wrote ${privateFile} (keep it secret) and ${publicFile}.`);
    console.log(`encryption:\n  private_keys:\n    ${quote(id)}: ${quote(privateFile)}`);
  } catch (error) {
    const { code = String(error), path = out } = error as NodeJS.ErrnoException;
    console.error(
      code === 'EEXIST'
        ? `${path} exists already, and a key is never overwritten: choose another --id`
        : explainWriteError(path, error),
    );
    process.exitCode = 1;
  }
}

/** YAML takes text in JSON's quotes. */
function quote(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) ? text : JSON.stringify(text);
}
