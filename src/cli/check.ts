import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { Problem } from '../config/finding.ts';
import { countOf } from '../core/count-of.ts';
import { describePriceList } from '../usage/describe-price-list.ts';

interface CheckOptions {
  config: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ signalbox check                        check ./config.yaml
  $ signalbox check --config team.yaml     check another file
  $ signalbox check --json                 one JSON array, for scripts

Each finding is file:line:column path: message. Exits 0 when there are no errors; warnings are fine.`;

/** `signalbox check`: says everything that is wrong with a config file (CLI-3). */
export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('validate the config file')
    .option('-c, --config <file>', 'the config file', 'config.yaml')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', EXAMPLES)
    .action(check);
}

async function check({ config: file, json = false }: CheckOptions): Promise<void> {
  const { checkOpenBind, readConfigText, readPrices } = await import('../app/read-config.ts');
  const { StartError } = await import('../app/start-error.ts');
  const { loadCatalog } = await import('../catalog/load-catalog.ts');
  const { compareProblems } = await import('../config/finding.ts');
  try {
    const loaded = await loadCatalog({
      text: await readConfigText(file),
      readPrices: () => readPrices(file),
      comparesPrices: true,
    });
    const { config, place, priceList } = loaded;
    const openBind = config === null ? [] : place(checkOpenBind(config));
    const problems = [...loaded.problems, ...openBind].sort(compareProblems);
    await report(file, problems, json);
    if (priceList !== null) console.error(`prices: ${describePriceList(priceList)}`);
    if (problems.some(({ severity }) => severity === 'error')) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

async function report(file: string, problems: Problem[], json: boolean): Promise<void> {
  if (json) {
    const findings = problems.map((problem) => ({ file, ...problem }));
    console.log(JSON.stringify(findings, null, 2));
    return;
  }
  const { formatProblem } = await import('../config/finding.ts');
  for (const problem of problems) {
    const place = `${file}:${problem.line}:${problem.column}`;
    const colour = problem.severity === 'error' ? 'red' : 'yellow';
    const marked = styleText(colour, place, { stream: process.stdout });
    console.log(marked + formatProblem(file, problem).slice(place.length));
  }
  console.error(summarise(file, problems));
}

function summarise(file: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return `${file} is valid`;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return `${file}: ${countOf(errors, 'error')}, ${countOf(problems.length - errors, 'warning')}`;
}
