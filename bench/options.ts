import { parseArgs } from 'node:util';
import { measures } from './measures/index.ts';

/** What the benchmarks were asked for on the command line. */
export interface Options {
  help: boolean;
  micro: boolean;
  json: boolean;
  /** Beside nginx and Portkey's gateway. */
  peers: boolean;
  /** Beside the least that governs a call. */
  least: boolean;
  /** A folder for the report on paper, or null. */
  out: string | null;
  rounds: number;
  /** Names of measures or pieces; empty = all. */
  only: readonly string[];
}

const DEFAULT_ROUNDS = 6;

/** The text of --help. */
export const HELP = `Compares Signalbox with a bare proxy (node:http and undici, no parsing) and with the upstream alone.

All of them run at once and take turns in short rounds, so the ratios hold on a busy machine where
the figures themselves do not. Runs for about five minutes.

Usage: npm run bench -- [micro] [options]

  micro           time the pieces of the hot path by themselves, inside one process
  --rounds N      rounds that count (default ${DEFAULT_ROUNDS}); more of them narrow the spread
  --only NAME     one measure only; may be repeated
  --peers         beside nginx, if it is installed, and Portkey's gateway, which npm fetches once
  --least         beside the least that governs a call: digest, JSON.parse, ten counters, price, line
  --out FOLDER    write benchmark.md and benchmark.svg there as well
  --json          the report as JSON, with all quartiles
  --help          this page

Measures: ${measures.map(({ name }) => name).join(', ')}

Examples:
  npm run bench                                        everything, once
  npm run bench -- --only governed-call --rounds 20    one ratio, more surely
  npm run bench -- --least --only governed-call        what a short call takes at the least
  npm run bench -- --json > before.json                keep a report to compare with
  npm run bench:peers -- --out docs/benchmark          a report to publish
  npm run bench -- micro                               after a change to a scanner or splitter
`;

/** A command line that asks for something that there is not. */
export class UsageError extends Error {}

/** Reads the words behind `npm run bench --`; throws a UsageError. */
export function readOptions(words: readonly string[]): Options {
  const { values, positionals } = parse(words);
  const rounds = Number(values.rounds ?? DEFAULT_ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new UsageError(`--rounds takes a whole number from 1, not '${values.rounds}'`);
  }
  const unknown = positionals.find((word) => word !== 'micro');
  if (unknown !== undefined) throw new UsageError(`There is no '${unknown}'`);
  const {
    help = false,
    json = false,
    peers = false,
    least = false,
    out = null,
    only = [],
  } = values;
  return { help, json, peers, least, out, only, rounds, micro: positionals.includes('micro') };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        peers: { type: 'boolean' },
        least: { type: 'boolean' },
        out: { type: 'string' },
        rounds: { type: 'string' },
        only: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Those that --only names, or all; throws a UsageError for a name that there is not. */
export function choose<T extends { name: string }>(
  all: readonly T[],
  only: readonly string[],
): T[] {
  const names = all.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`There is no '${unknown}'; there are ${names.join(', ')}`);
  }
  return all.filter(({ name }) => only.length === 0 || only.includes(name));
}
