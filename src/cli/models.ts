import type { Command } from 'commander';
import { registerModelsDiscover } from './models-discover.ts';

interface ModelsOptions {
  config: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ signalbox models                         what clients can ask for, who serves it, and what it costs
  $ signalbox models --json                  the same for a program
  $ signalbox models discover openai         what OpenAI has, as YAML to paste`;

/** `signalbox models`: lists what clients can ask for (CLI-7). */
export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('list the models, or ask a provider for its own')
    .option('-c, --config <file>', 'the config file', 'config.yaml')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(listModels);
  registerModelsDiscover(models);
}

async function listModels({ config, json = false }: ModelsOptions): Promise<void> {
  const { readConfigText, readyConfig } = await import('../app/read-config.ts');
  const { compileCatalog } = await import('../catalog/compile.ts');
  const { describeCatalogue } = await import('../catalog/describe-catalogue.ts');
  const { formatModels } = await import('./format-models.ts');
  const { StartError } = await import('../app/start-error.ts');
  try {
    const text = await readConfigText(config);
    const { source } = await readyConfig(text, { file: config, allowOpen: true });
    const catalogue = describeCatalogue(compileCatalog(source));
    const output = json ? JSON.stringify(catalogue, null, 2) : formatModels(catalogue);
    process.stdout.write(`${output}\n`);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
