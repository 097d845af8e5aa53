import { type Measure, runningContenders } from '../measure.ts';

const LOAD = { kind: 'whole', bodyBytes: 1024, connections: 1, durationMs: 500 } as const;

/** What one client alone waits longer than at the upstream. */
export const latency: Measure = {
  name: 'latency',
  title: 'Time to the answer, 1 KB chat call, 1 connection (ratio: added to the upstream)',
  baseline: 'bare',
  warmUps: 8,
  figures: [
    { label: 'p50 µs', added: true, goal: { atMost: 1.25 } },
    { label: 'p99 µs', added: true, goal: { atMost: 1.5 } },
  ],
  contenders: (lab) =>
    runningContenders(lab, LOAD.kind, async (target) => {
      const { lastByte } = await lab.load(target, LOAD);
      return { 'p50 µs': lastByte.median, 'p99 µs': lastByte.p99 };
    }),
};
