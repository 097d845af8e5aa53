import { freshContenders, type Measure } from '../measure.ts';
import { residentMegabytes } from '../process-figures.ts';

const LOAD = { kind: 'whole', bodyBytes: 1024, connections: 64, durationMs: 1_000 } as const;

/** What stays in RAM of a fresh process right after load. */
export const memory: Measure = {
  name: 'memory',
  title: 'Resident memory of a fresh process after 1 s of governed calls',
  baseline: 'bare',
  warmUps: 0,
  share: 0.5,
  figures: [{ label: 'MB' }],
  contenders: async (lab) =>
    freshContenders(lab, async (start) => {
      const target = await start();
      await lab.load(target, LOAD);
      const MB = residentMegabytes(target.pid);
      await target.stop();
      return { MB };
    }),
};
