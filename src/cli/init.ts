import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ChosenProvider } from './choose-providers.ts';
import { explainWriteError } from './explain-write-error.ts';
import { isExecutable } from './is-executable.ts';

interface InitOptions {
  config: string;
  force?: boolean;
  yes?: boolean;
}

const EXAMPLES = `
Examples:
  $ signalbox init                             write ./config.yaml; on a terminal, asks for what
  $ signalbox init --yes                       write it without asking
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
    .option('-y, --yes', 'ask nothing: take the providers whose variables are set')
    .addHelpText('after', EXAMPLES)
    .action(init);
}

async function init({ config: file, force = false, yes = false }: InitOptions): Promise<void> {
  const { composeStarterConfig, SIMULATED_NAME } = await import('./starter-config.ts');
  // Nobody answers questions for a file that will not be written.
  if (!force && existsSync(file)) return refuse(`${file} exists already; --force overwrites it`);
  const { text, providers, model } = composeStarterConfig(await choose(yes));
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    return refuse(explainWriteError(file, error));
  }
  const option = file === 'config.yaml' ? '' : ` --config ${file}`;
  const command = isExecutable() ? process.argv0 : 'npx signalbox';
  if (providers.includes(SIMULATED_NAME)) {
    console.log(`Wrote ${file} with a simulated provider, which needs no account.`);
  } else {
    console.log(`Wrote ${file} with ${providers.join(', ')}.`);
    console.log(`See whether all is well with: ${command} doctor --live${option}`);
  }
  console.log(`Start it with: ${command}${option}`);
  console.log(`See its calls at: ${URL}/ui`);
  if (model !== null) console.log(`Ask it something:\n\n${composeCurl(model)}`);
}

/** Where a config listens that `init` wrote. */
const URL = 'http://127.0.0.1:4356';

function composeCurl(model: string): string {
  const body = { model, messages: [{ role: 'user', content: 'Say hello.' }] };
  return [
    `  curl ${URL}/v1/chat/completions \\`,
    "    -H 'content-type: application/json' \\",
    `    -d '${JSON.stringify(body)}'`,
  ].join('\n');
}

function refuse(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}

/** On a terminal what somebody says, else the providers whose variables are set (CLI-2). */
async function choose(yes: boolean): Promise<ChosenProvider[]> {
  const { processEnvironment } = await import('../config/env.ts');
  if (yes || !process.stdin.isTTY || !process.stderr.isTTY) {
    const { explainMissing, findProviders } = await import('./choose-providers.ts');
    for (const line of explainMissing(processEnvironment)) console.error(line);
    return findProviders(processEnvironment);
  }
  const { askProviders } = await import('./ask-providers.ts');
  const { openTerminal } = await import('./open-terminal.ts');
  const terminal = openTerminal();
  const chosen = await askProviders(terminal, processEnvironment);
  terminal.close();
  return chosen;
}
