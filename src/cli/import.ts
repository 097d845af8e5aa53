import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { explainWriteError } from './explain-write-error.ts';

interface ImportOptions {
  output?: string;
}

const EXAMPLES = `
Examples:
  $ signalbox import litellm litellm.yaml                        print the config
  $ signalbox import litellm litellm.yaml --output config.yaml   write it, never over a file

What Signalbox has no counterpart for is listed with its line, on stderr and at the top of the config.
Keys that stand in the file are copied; references to variables stay references.`;

/** `signalbox import`: makes a config of another proxy's. */
export function registerImport(program: Command): void {
  program
    .command('import')
    .description("make a config of another proxy's")
    .addHelpText('after', EXAMPLES)
    .command('litellm')
    .description('from the config.yaml of a LiteLLM proxy')
    .argument('<file>', "LiteLLM's config file")
    .option('-o, --output <file>', 'the file to write, instead of stdout')
    .addHelpText('after', EXAMPLES)
    .action(importConfig);
}

async function importConfig(file: string, { output }: ImportOptions, command: Command) {
  const { readConfigText } = await import('../app/read-config.ts');
  const { StartError } = await import('../app/start-error.ts');
  const { formatProblem } = await import('../config/finding.ts');
  const { importLitellm } = await import('../importers/litellm/import-litellm.ts');
  const { composeConfig } = await import('../importers/compose-config.ts');
  try {
    const imported = importLitellm(await readConfigText(file, `${file} does not exist.`));
    const { blocks, problems } = imported;
    for (const problem of problems) console.error(formatProblem(file, problem));
    if (blocks === null) command.error(`${file}: no model could be imported`);
    const text = composeConfig(imported, basename(file));
    if (output === undefined) process.stdout.write(text);
    else await writeNew(output, text);
    console.error(summarise(Object.keys(blocks?.['models'] ?? {}).length, problems.length, output));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** For its owner alone, as keys may stand in it. */
async function writeNew(file: string, text: string): Promise<void> {
  const { StartError } = await import('../app/start-error.ts');
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new StartError([
      error instanceof Error && 'code' in error && error.code === 'EEXIST'
        ? `${file} exists already, and nothing is written over it; name another file`
        : explainWriteError(file, error),
    ]);
  }
}

function summarise(models: number, left: number, output: string | undefined): string {
  const check = output === undefined ? '' : `\nCheck it with: signalbox check --config ${output}`;
  return `Models imported: ${models}. Not brought over: ${left}.${check}`;
}
