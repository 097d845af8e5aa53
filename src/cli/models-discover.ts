import type { Command } from 'commander';

interface DiscoverOptions {
  config: string;
  key?: string;
  find: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ signalbox models discover openai                 what OpenAI has, as YAML to paste
  $ signalbox models discover openai --key client-a  with that key, which the entries then name
  $ signalbox models discover openrouter --find kimi only those with this in their name
  $ signalbox models discover openai --json          the list itself

A model that the config has already is proposed as a variant with another name: the same slug with its
own price, policies, grants and line in the ledger. Nothing is written; asking costs nothing.`;

/** `signalbox models discover PROVIDER`: asks a provider for its models, as YAML to paste (CLI-7). */
export function registerModelsDiscover(models: Command): void {
  models
    .command('discover')
    .description('ask a provider for its models, and print YAML to paste')
    .argument('<provider>', 'a provider of the config')
    .option('-c, --config <file>', 'the config file', 'config.yaml')
    .option('--key <name>', 'ask with this provider key, and name it in the entries')
    .option('--find <text>', 'only models with this in their name', '')
    .option('--json', 'print the list as JSON')
    .addHelpText('after', EXAMPLES)
    .action((provider, _options, command: Command) =>
      discover(provider, command.optsWithGlobals<DiscoverOptions>()),
    );
}

async function discover(provider: string, options: DiscoverOptions): Promise<void> {
  const { config: file, key, find, json = false } = options;
  const { readConfigText, readyConfig } = await import('../app/read-config.ts');
  const { discoverModels } = await import('../app/discover-models.ts');
  const { composeDiscovery } = await import('./compose-discovery.ts');
  const { StartError } = await import('../app/start-error.ts');
  try {
    const { source } = await readyConfig(await readConfigText(file), { file, allowOpen: true });
    const discovery = await discoverModels(source, { provider, key });
    if (json) {
      const models = discovery.models.map(({ listPrice: _, ...model }) => model);
      process.stdout.write(`${JSON.stringify(models, null, 2)}\n`);
      return;
    }
    const proposal = composeDiscovery(discovery, { find, namesKey: key !== undefined });
    process.stdout.write(proposal.yaml);
    const { added, variants } = proposal;
    const total = discovery.models.length;
    process.stderr.write(
      `${provider} has ${total} models: ${added} to add, ${variants} as variants${find && `, with "${find}" in their name`}.\n`,
    );
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
