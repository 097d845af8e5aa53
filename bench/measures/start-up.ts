import { freshContenders, type Measure } from '../measure.ts';
import { cpuMicros } from '../process-figures.ts';

const ONE_CALL = { kind: 'whole', bodyBytes: 1024, connections: 1, durationMs: 0 } as const;

/** From the start of the process to its first answered call. */
export const startUp: Measure = {
  name: 'start-up',
  title: 'Start to the first answered call',
  baseline: 'bare',
  warmUps: 1,
  figures: [{ label: 'ms', goal: { atMost: 2.5 } }, { label: 'CPU ms' }],
  contenders: async (lab) =>
    freshContenders(lab, async (start) => {
      const started = performance.now();
      const target = await start();
      await lab.load(target, ONE_CALL);
      const ms = performance.now() - started;
      const micros = cpuMicros(target.pid);
      await target.stop();
      return { ms, 'CPU ms': micros && micros / 1000 };
    }),
};
