import type { Command } from 'commander';
import { registerKeysEncrypt } from './keys-encrypt.ts';
import { registerKeysKeypair } from './keys-keypair.ts';
import { registerKeysNew } from './keys-new.ts';

/** `signalbox keys …`: everything that makes or hides a key. */
export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('make keys, and encrypt provider keys');
  registerKeysNew(keys);
  registerKeysKeypair(keys);
  registerKeysEncrypt(keys);
}
