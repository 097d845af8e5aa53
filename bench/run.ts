// npm run bench: see --help, or options.ts.
import { describeMachine } from './machine.ts';
import { measures } from './measures/index.ts';
import { formatGroup } from './micro/format-group.ts';
import { createPieceGroups } from './micro/index.ts';
import { type GroupSummary, timeGroup } from './micro/time-group.ts';
import { choose, HELP, type Options, readOptions, UsageError } from './options.ts';
import { formatDoubts, formatMachine, formatMeasure } from './report.ts';
import { runMeasure } from './run-measure.ts';
import type { MeasureSummary } from './summarise.ts';
import { LEAST_TARGETS, OWN_TARGETS, PEERS } from './targets/index.ts';
import { writeReport } from './write-report.ts';

const BAD_USAGE = 2;

const print = (text: string) => process.stdout.write(`${text}\n`);

async function runMeasures({ only, rounds, json, peers, least, out }: Options): Promise<void> {
  const chosen = choose(measures, only);
  const own = least ? LEAST_TARGETS : OWN_TARGETS;
  const targets = peers ? [...own, ...PEERS] : own;
  const machine = describeMachine();
  if (!json) print(`${formatMachine(machine)}\n`);
  const summaries: MeasureSummary[] = [];
  for (const measure of chosen) {
    if (process.stderr.isTTY) process.stderr.write(`… ${measure.title}\r`);
    const summary = await runMeasure(measure, targets, rounds);
    summaries.push(summary);
    if (!json) print(`${formatMeasure(summary)}\n`);
  }
  const doubts = formatDoubts(summaries);
  if (out !== null) writeReport(out, { machine, summaries, doubts });
  if (json) print(JSON.stringify({ machine, measures: summaries }, writeBigInt, 2));
  else if (doubts !== null) print(doubts);
}

const writeBigInt = (_key: string, value: unknown) =>
  typeof value === 'bigint' ? value.toString() : value;

async function runMicro({ only, rounds, json }: Options): Promise<void> {
  const pieceGroups = await createPieceGroups();
  try {
    const chosen = choose(pieceGroups, only);
    const machine = describeMachine();
    if (!json) print(`${formatMachine(machine)}\n`);
    const groups: GroupSummary[] = [];
    for (const group of chosen) {
      const summary = await timeGroup(group, rounds);
      if (!json) print(`${formatGroup(summary)}\n`);
      groups.push(summary);
    }
    if (json) print(JSON.stringify({ machine, groups }, null, 2));
  } finally {
    for (const group of pieceGroups) group.close?.();
  }
}

async function main(words: readonly string[]): Promise<void> {
  const options = readOptions(words);
  if (options.help) process.stdout.write(HELP);
  else if (options.micro) await runMicro(options);
  else await runMeasures(options);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n(npm run bench -- --help shows what there is)\n`);
  process.exitCode = BAD_USAGE;
});
