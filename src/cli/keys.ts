import type { Command } from 'commander';
import { registerKeysEncrypt } from './keys-encrypt.ts';
import { registerKeysKeypair } from './keys-keypair.ts';
import { registerKeysNew } from './keys-new.ts';

const EXAMPLES = `
Examples:
  $ signalbox keys new ana                            make a key for a client
  $ signalbox keys keypair --out keys --id rsa-2026   make what provider keys are encrypted with
  $ signalbox keys encrypt --public-key keys/rsa-2026.public.pem --id rsa-2026`;

/** `signalbox keys …`: everything that makes or hides a key. */
export function registerKeys(program: Command): void {
  const keys = program
    .command('keys')
    .description('make keys, and encrypt provider keys')
    .addHelpText('after', EXAMPLES);
  registerKeysNew(keys);
  registerKeysKeypair(keys);
  registerKeysEncrypt(keys);
}
