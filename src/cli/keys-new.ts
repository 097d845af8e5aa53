import { type Command, InvalidArgumentError } from 'commander';

/** 256 bits; the prefix lets secret scanners recognize a key. */
const KEY_BYTES = 32;
const KEY_PREFIX = 'sbx-';

const EXAMPLES = `
Examples:
  $ signalbox keys new ana                  a key for ana
  $ signalbox keys new ana >> config.yaml   where the file has no api_keys yet

The key itself is shown on stderr, once: only its digest goes into the config, and nobody can get the
key back from that. The lines on stdout are for the config; where it has api_keys already, leave out
their first line. The key may call every model; list names in
place of "*" to grant less.`;

/** `signalbox keys new NAME`: makes a client's key, shown once, and its entry of the config (CLI-8). */
export function registerKeysNew(keys: Command): void {
  keys
    .command('new')
    .description('make a key for a client')
    .argument('<name>', 'whom it is for, as the ledger will call them', parseName)
    .addHelpText('after', EXAMPLES)
    .action(makeKey);
}

/** What stands in YAML without quotes, whatever is around it. */
function parseName(text: string): string {
  if (/^[a-z][\w.@-]*$/i.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text)) {
    return text;
  }
  throw new InvalidArgumentError(
    'It begins with a letter, and goes on with letters, digits, . _ @ -',
  );
}

async function makeKey(name: string): Promise<void> {
  const { createHash, randomBytes } = await import('node:crypto');
  const key = KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
  const digest = createHash('sha256').update(key).digest('hex');
  console.error(
    `The key, which is not shown again:\n\n  ${key}\n\nFor the config, below the api_keys that it may have already:\n`,
  );
  console.log(`api_keys:\n  ${name}:\n    key: sha256:${digest}\n    models: ["*"]`);
}
