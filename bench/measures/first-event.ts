import { type Measure, runningContenders } from '../measure.ts';

const LOAD = { kind: 'burst', bodyBytes: 1024, connections: 1, durationMs: 400 } as const;

/** What one client alone waits for the first event of a stream. */
export const firstEvent: Measure = {
  name: 'first-event',
  title: 'Time to the first event, 1 connection (ratio: added to the upstream)',
  baseline: 'bare',
  warmUps: 8,
  figures: [{ label: 'p50 µs', added: true, differenceGoal: { atMost: 300 } }],
  contenders: (lab) =>
    runningContenders(lab, LOAD.kind, async (target) => {
      const { firstByte } = await lab.load(target, LOAD);
      return { 'p50 µs': firstByte.median };
    }),
};
