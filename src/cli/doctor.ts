import type { Command } from 'commander';
import type { Diagnosis } from '../app/doctor/diagnosis.ts';

interface DoctorOptions {
  config: string;
  live?: boolean;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ signalbox doctor             the config, the ledger's disk, and a rehearsal on simulated providers
  $ signalbox doctor --live      also ask each provider for its models: is it there, does it take the
                                 key, has it the models, is this machine's clock right
  $ signalbox doctor --json      one JSON array, for scripts

Nothing of it costs anything. Exits 1 where something does not work; warnings are fine.`;

/** `signalbox doctor`: finds what keeps a config from working, and says what to do (CLI-11). */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('find what keeps the config from working, and say what to do')
    .option('-c, --config <file>', 'the config file', 'config.yaml')
    .option('--live', 'also ask the real providers, at no cost')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(runDoctor);
}

async function runDoctor({ config, live = false, json = false }: DoctorOptions): Promise<void> {
  const { examine } = await import('../app/doctor/examine.ts');
  const { formatDiagnosis, summariseDiagnoses } = await import('./format-diagnoses.ts');
  const diagnoses: Diagnosis[] = [];
  await examine({
    configFile: config,
    live,
    onDiagnosis(diagnosis) {
      diagnoses.push(diagnosis);
      if (!json) process.stdout.write(`${formatDiagnosis(diagnosis)}\n`);
    },
  });
  if (json) process.stdout.write(`${JSON.stringify(diagnoses, null, 2)}\n`);
  else process.stderr.write(`${summariseDiagnoses(diagnoses, live)}\n`);
  if (diagnoses.some(({ state }) => state === 'failed')) process.exitCode = 1;
}
