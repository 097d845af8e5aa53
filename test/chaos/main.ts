// The long form of the chaos: `npm run test:chaos -- --minutes 60`, on the built program.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../support/start-cli.ts';
import { runChaos } from './run-chaos.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    deaths: { type: 'string', default: '200' },
    clients: { type: 'string', default: '24' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});

/** A death and the start after it take about a second; the rest of the time is for the endurance. */
const SECONDS_A_DEATH = 1;

/**
 * What is resident follows the load: V8 gives its heap more room when more is asked of it. So what is in
 * use must not grow, and the rest has a bound.
 */
const MAX_RSS_MIB = 256;

/** Of a quarter of the samples: the collector's moments are no growth. */
const median = (numbers: number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/**
 * What of a run's memory must not grow: the last quarter against the second, after all has warmed up. Null
 * where a short run has too few samples to tell.
 */
function compareQuarters(mib: number[]) {
  const quarter = Math.floor(mib.length / 4);
  const round = (value: number | undefined) =>
    value === undefined ? null : Math.round(value * 10) / 10;
  return {
    second: round(median(mib.slice(quarter, 2 * quarter))),
    last: round(median(mib.slice(3 * quarter, 4 * quarter))),
    max: Math.max(...mib.map((value) => round(value) ?? 0)),
  };
}

const deaths = Number(values.deaths);
const result = await runChaos({
  command: [process.execPath, join(ROOT, 'bin/signalbox.js')],
  seed: Number(values.seed),
  clients: Number(values.clients),
  deaths,
  enduranceMs: Math.max(60, Number(values.minutes) * 60 - deaths * SECONDS_A_DEATH) * 1_000,
  awaitRest: true,
  report: (line) => console.error(`${new Date().toISOString()} ${line}`),
});

const { samples, liveMib, violations, ...numbers } = result;
const inUseMib = compareQuarters(liveMib);
const rssMib = compareQuarters(samples.map((sample) => sample.rssMib));
const { second, last } = inUseMib;
if (second !== null && last !== null && last > second * 1.1)
  violations.push(`memory in use grew from ${second} to ${last} MiB`);
if (rssMib.max > MAX_RSS_MIB) violations.push(`${rssMib.max} MiB were resident`);
const { firstDescriptors: first, restDescriptors: rest } = result;
if (first !== null && rest !== null && rest > first + 10) {
  violations.push(`${first} descriptors at the start, ${rest} at the end`);
}
console.log(
  JSON.stringify(
    {
      seed: values.seed,
      ...numbers,
      comparedNanos: String(numbers.comparedNanos),
      inUseMib,
      rssMib,
      violations: violations.slice(0, 50),
    },
    null,
    2,
  ),
);
process.exit(violations.length === 0 ? 0 : 1);
