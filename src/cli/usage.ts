import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { systemClock } from '../core/clock.ts';
import type { Condition } from '../usage/ledger-filter.ts';
import type { LedgerSums } from '../usage/sum-ledger.ts';
import { GROUPINGS, type Grouping } from '../usage/summary.ts';
import type { LedgerOptions } from './find-ledger.ts';
import { addSelectionOptions, whereOption } from './usage-options.ts';
import { registerUsageReprice } from './usage-reprice.ts';

interface UsageOptions extends LedgerOptions {
  by: Grouping;
  since?: number;
  until?: number;
  where: Condition[];
  json?: boolean;
  csv?: boolean;
  follow?: boolean;
}

const EXAMPLES = `
Examples:
  $ signalbox usage                                    what each model used and cost
  $ signalbox usage --by day --since 30d               a month, day by day
  $ signalbox usage --by api_key --since today         who spends today
  $ signalbox usage --where model=gpt-4o http_status!=200
  $ signalbox usage --by session --since today --json  for a status line or a script
  $ signalbox usage --follow                           each call as it ends

Days, hours, dates and times are in this machine's time zone. The table rounds costs for the eye;
--json and --csv have every nano-dollar. Calls of unknown cost are counted apart, never as zero.`;

/** `signalbox usage`: sums what the ledger says (CLI-5). */
export function registerUsage(program: Command): void {
  const usage = addSelectionOptions(
    program.command('usage').description('sum the calls of the ledger, or follow them'),
  )
    .addOption(
      new Option('--by <what>', 'what to sum by').choices(Object.keys(GROUPINGS)).default('model'),
    )
    .addOption(whereOption())
    .addOption(new Option('--json', 'print JSON').conflicts('csv'))
    .option('--csv', 'print CSV')
    .addOption(
      new Option('--follow', 'print each call as it ends; with --json its line').conflicts([
        'by',
        'csv',
        'since',
        'until',
      ]),
    )
    .addHelpText('after', EXAMPLES)
    .action(showUsage);
  registerUsageReprice(usage);
}

async function showUsage(options: UsageOptions): Promise<void> {
  const { findLedger } = await import('./find-ledger.ts');
  const { reportLedgerError } = await import('./report-ledger-error.ts');
  try {
    const file = await findLedger(options);
    if (options.follow) {
      const { followCalls } = await import('./follow-calls.ts');
      await followCalls({ file, where: options.where, asJson: options.json ?? false });
    } else await printSums(file, options);
  } catch (error) {
    reportLedgerError(error);
  }
}

async function printSums(file: string, options: UsageOptions): Promise<void> {
  const { json = false, csv = false } = options;
  const data = await sumSelected(file, options);
  // A ledger of the config begins with its first call; one that was named should be there.
  if (options.file !== undefined && data.lines === 0 && !existsSync(file)) {
    throw new Error(`there is no ${file}`);
  }
  if (json) {
    const { toUsageJson } = await import('../usage/summary-json.ts');
    process.stdout.write(`${toUsageJson(data)}\n`);
  } else if (csv) {
    const { formatUsageCsv } = await import('./format-usage-csv.ts');
    process.stdout.write(`${formatUsageCsv(data)}\r\n`);
  } else if (data.rows.length > 0) {
    const { formatUsage } = await import('./format-usage.ts');
    const { columns: width, isTTY } = process.stdout;
    process.stdout.write(`${formatUsage({ ...data, width: isTTY ? width : undefined })}\n`);
  }
  for (const note of describeReading(file, data, json || csv)) {
    process.stderr.write(`${note}\n`);
  }
}

/** On a terminal a long reading shows how far it is. */
async function sumSelected(file: string, options: UsageOptions): Promise<LedgerSums> {
  const { sumLedger } = await import('../usage/sum-ledger.ts');
  const { createSumsMemory } = await import('../usage/sums-memory.ts');
  const { createProgress } = await import('./progress.ts');
  const { by: grouping, since: sinceMs, until: untilMs, where } = options;
  const progress = createProgress();
  try {
    const selection = { sinceMs, untilMs, where };
    const memory = createSumsMemory({
      file,
      grouping,
      selection,
      nowMs: systemClock.now(),
    });
    return await sumLedger({ file, grouping, selection, memory, onProgress: progress.show });
  } finally {
    progress.clear();
  }
}

function describeReading(
  file: string,
  { lines, rows, total, damagedLines }: LedgerSums,
  isForProgram: boolean,
): string[] {
  const notes: string[] = [];
  if (lines === 0) notes.push(`${file} has no calls yet.`);
  else if (rows.length === 0) notes.push(`None of the ${lines} calls in ${file} is selected.`);
  if (damagedLines > 0) {
    notes.push(`${damagedLines} damaged ${damagedLines === 1 ? 'line is' : 'lines are'} left out.`);
  }
  if (total.unknownCosts > 0 && !isForProgram) {
    const calls = total.unknownCosts === 1 ? '1 call' : `${total.unknownCosts} calls`;
    notes.push(`The cost of ${calls} is unknown and in no sum: see cost_reason in the ledger.`);
  }
  return notes;
}
