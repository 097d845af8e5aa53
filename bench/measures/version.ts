import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Measure, Sample } from '../measure.ts';
import { bundleOf, SIGNALBOX } from '../start-process.ts';

/** The shortest command beside a Node that does nothing: what loading the program costs. */
export const version: Measure = {
  name: 'version',
  title: 'signalbox --version',
  baseline: 'empty node',
  warmUps: 1,
  figures: [{ label: 'ms' }, { label: 'CPU ms', goal: { atMost: 2 } }],
  contenders: async () => [
    { name: 'empty node', sample: () => runToEnd(['--eval', '0']) },
    { name: 'signalbox', sample: () => runToEnd([SIGNALBOX, '--version']) },
  ],
};

async function runToEnd(args: readonly string[]): Promise<Sample> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--require', bundleOf('report-cpu'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const report = text(child.stdio[3] as Readable);
  const [code] = await once(child, 'exit');
  const ms = performance.now() - started;
  if (code !== 0) throw new Error(`node ${args.join(' ')} exited with ${code}`);
  return { ms, 'CPU ms': Number(await report) / 1000 };
}
