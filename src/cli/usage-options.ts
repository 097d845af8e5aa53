import { type Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../core/clock.ts';
import { type Condition, parseCondition } from '../usage/ledger-filter.ts';
import { parseMoment } from './parse-moment.ts';

/** The options of `signalbox usage` that say which calls are meant. */
export function addSelectionOptions(command: Command): Command {
  return command
    .option(
      '-c, --config <file>',
      'the config that says where the ledger is (default: config.yaml)',
    )
    .option('--file <ledger>', 'read this ledger instead, and the files put aside beside it')
    .option(
      '--since <when>',
      'calls from then on: today, yesterday, 12h, 7d, a date or a time',
      parse,
    )
    .option('--until <when>', 'calls before then', parse);
}

/** `--where`, which may stand several times and in each several times. */
export function whereOption(): Option {
  return new Option('--where <field=value...>', 'calls with that value, or field!=value without it')
    .argParser(parseWhere)
    .default([], 'all');
}

function parse(text: string): number {
  const moment = parseMoment(text, systemClock.now());
  if (moment !== null) return moment;
  throw new InvalidArgumentError('Try today, yesterday, 12h, 7d, 2026-11-28 or 2026-11-28T09:30.');
}

function parseWhere(text: string, before: Condition[]): Condition[] {
  try {
    return [...before, parseCondition(text)];
  } catch (error) {
    throw new InvalidArgumentError(`${error instanceof Error ? error.message : error}.`);
  }
}
