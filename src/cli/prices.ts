import type { Command } from 'commander';

interface UpdateOptions {
  config: string;
  from?: string;
  timeout: string;
}

const EXAMPLES = `
Examples:
  $ signalbox prices update                              from the list's home, for ./config.yaml
  $ signalbox prices update --config team.yaml           beside another config
  $ signalbox prices update --from prices.json           from a file that came another way

The list is checked, and written beside the config as signalbox-prices.json. A proxy asks it where it is
newer than the bundled one: from its next start or reload (SIGHUP). Nothing is ever fetched unasked.`;

/** `signalbox prices update`: fetches the price list between two releases. */
export function registerPrices(program: Command): void {
  program
    .command('prices')
    .description('refresh the price list')
    .addHelpText('after', EXAMPLES)
    .command('update')
    .description('fetch a newer price list, check it, and keep it beside the config')
    .option('-c, --config <file>', 'the config beside which it is written', 'config.yaml')
    .option('--from <place>', 'a URL or file in place of the home of the list')
    .option('--timeout <seconds>', 'how long it may take', '30')
    .addHelpText('after', EXAMPLES)
    .action(update);
}

async function update(options: UpdateOptions, command: Command): Promise<void> {
  const { updatePrices, UpdateError } = await import('./update-prices.ts');
  const { PRICE_FILE } = await import('../app/read-config.ts');
  const { dirname, join } = await import('node:path');
  const seconds = Number(options.timeout);
  if (!(seconds > 0)) {
    command.error(`error: --timeout takes seconds, not '${options.timeout}'`, { exitCode: 2 });
  }
  const file = join(dirname(options.config), PRICE_FILE);
  try {
    const { asOf, providers, models } = await updatePrices({
      from: options.from,
      file,
      timeoutMs: seconds * 1_000,
    });
    console.log(`Wrote ${file}: ${models} models of ${providers} providers, of ${asOf}.`);
    console.error('A running proxy asks it from its next reload (SIGHUP).');
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    command.error(`Nothing was written: ${error.message}.`);
  }
}
