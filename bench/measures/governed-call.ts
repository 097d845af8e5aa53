import { type Measure, runningContenders } from '../measure.ts';

const LOAD = { kind: 'whole', bodyBytes: 1024, connections: 64, durationMs: 700 } as const;

/** The everyday call under load: a key, an alias, a price, and its line in the kernel. */
export const governedCall: Measure = {
  name: 'governed-call',
  title: 'Governed 1 KB chat call, 64 connections',
  baseline: 'bare',
  warmUps: 6,
  figures: [
    {
      label: 'requests/s',
      isRate: true,
      goal: { atLeast: 0.8 },
      peerGoals: { portkey: { atLeast: 12 } },
    },
    { label: 'CPU µs/request', goal: { atMost: 1.25 } },
  ],
  contenders: (lab) =>
    runningContenders(lab, LOAD.kind, async (target) => {
      const { answers, elapsedMs, cpuMicros } = await lab.load(target, LOAD);
      return {
        'requests/s': (answers / elapsedMs) * 1000,
        'CPU µs/request': cpuMicros && cpuMicros / answers,
      };
    }),
};
