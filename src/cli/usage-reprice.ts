import type { Command } from 'commander';
import { addSelectionOptions } from './usage-options.ts';

interface RepriceOptions {
  config?: string;
  file?: string;
  since?: number;
  until?: number;
  write?: string;
}

const EXAMPLES = `
Examples:
  $ signalbox usage reprice --config config.yaml                  what the past would cost today
  $ signalbox usage reprice --since 30d --write repriced.jsonl    and write the lines down

Prices the tokens that the ledger recorded by the prices of the config, as a call would be billed
today. The ledger is only read: --write makes a new file, and never goes over one. A call whose model,
provider and slug the config does not have any more keeps its recorded cost.`;

/** `signalbox usage reprice`: the past at today's prices (CLI-6). */
export function registerUsageReprice(usage: Command): void {
  addSelectionOptions(
    usage.command('reprice').description('price the calls of the ledger by today’s prices'),
  )
    .option('--write <out>', 'write the lines with their new cost to this file')
    .addHelpText('after', EXAMPLES)
    .action(reprice);
}

/** The parent has options of the same names, and takes those that stand before the word. */
async function reprice(_options: RepriceOptions, command: Command): Promise<void> {
  const options = command.optsWithGlobals<RepriceOptions>();
  const { findLedger } = await import('./find-ledger.ts');
  const { repriceLedger } = await import('./reprice-ledger.ts');
  const { formatReprice } = await import('./format-reprice.ts');
  const { readConfigText, readyConfig } = await import('../app/read-config.ts');
  const { offlineView } = await import('../app/offline-view.ts');
  const { reportLedgerError } = await import('./report-ledger-error.ts');
  const configFile = options.config ?? 'config.yaml';
  try {
    const text = await readConfigText(configFile);
    const { source } = await readyConfig(text, { file: configFile, allowOpen: true });
    const { since: sinceMs, until: untilMs, write: out } = options;
    const result = await repriceLedger(offlineView(source).catalog, {
      file: await findLedger(options),
      selection: { sinceMs, untilMs },
      out,
    });
    if (result.rows.length > 0) process.stdout.write(`${formatReprice(result)}\n`);
    for (const note of describeResult(result, out)) process.stderr.write(`${note}\n`);
  } catch (error) {
    reportLedgerError(error);
  }
}

interface Counted {
  rows: readonly unknown[];
  damagedLines: number;
  unwrittenLines: number;
}

function describeResult(result: Counted, out: string | undefined): string[] {
  const { rows, damagedLines, unwrittenLines } = result;
  return [
    ...(rows.length === 0 ? ['No call is selected.'] : []),
    ...(damagedLines > 0 ? [`Damaged lines left out: ${damagedLines}.`] : []),
    ...(unwrittenLines > 0
      ? [`Written as they were, as they are not laid out as Signalbox does: ${unwrittenLines}.`]
      : []),
    ...(out === undefined ? [] : [`Wrote ${out}.`]),
  ];
}
