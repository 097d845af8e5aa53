import { freshContenders, type Measure } from '../measure.ts';
import { peakMegabytes } from '../process-figures.ts';

const STREAMS = 1_000;
/** Each stream is slow, so that all are open at once. */
const LOAD = { kind: 'paced', bodyBytes: 1024, connections: STREAMS, durationMs: 0 } as const;

/** The streams of a busy team. */
export const openStreams: Measure = {
  name: 'open-streams',
  title: `Most memory of a fresh process with ${STREAMS.toLocaleString('en-US')} slow streams`,
  baseline: 'bare',
  warmUps: 0,
  share: 0.5,
  figures: [{ label: 'MB', ownGoal: { atMost: 150 } }],
  contenders: async (lab) =>
    freshContenders(lab, async (start) => {
      const target = await start();
      await lab.load(target, LOAD);
      const MB = peakMegabytes(target.pid);
      await target.stop();
      return { MB };
    }),
};
