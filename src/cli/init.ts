import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';

interface InitOptions {
  config: string;
  force?: boolean;
}

const EXAMPLES = `
Examples:
  $ signalbox init                             write ./config.yaml
  $ OPENAI_API_KEY=… signalbox init --force    write it again, with a provider for that key
  $ signalbox init --config team.yaml          write another file

The file names the variables that it found, never their values.`;

/** `signalbox init`: writes a first config for the providers whose variables are set (CLI-2). */
export function registerInit(program: Command): void {
  program
    .command('init')
    .description('write a config file for the provider keys in the environment')
    .option('-c, --config <file>', 'the file to write', 'config.yaml')
    .option('--force', 'overwrite the file if it exists')
    .addHelpText('after', EXAMPLES)
    .action(init);
}

async function init({ config: file, force = false }: InitOptions): Promise<void> {
  const { composeStarterConfig } = await import('./starter-config.ts');
  const { processEnvironment } = await import('../config/env.ts');
  const { text, providers } = composeStarterConfig(processEnvironment);
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    console.error(
      reason === 'EEXIST'
        ? `${file} exists already; --force overwrites it`
        : `${file} cannot be written (${reason})`,
    );
    process.exitCode = 1;
    return;
  }
  console.log(`Wrote ${file} with ${providers.join(', ')}.`);
  console.log(`Start it with: signalbox${file === 'config.yaml' ? '' : ` --config ${file}`}`);
}
