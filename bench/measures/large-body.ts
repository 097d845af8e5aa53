import { type Measure, runningContenders } from '../measure.ts';

/** Requests of the size that agents send after some turns. */
export const largeBody = createBodyMeasure('body-100k', '100 KB', 100 * 1024);

/** Requests of the size that long sessions and images have. */
export const hugeBody = createBodyMeasure('body-1m', '1 MB', 1024 * 1024);

function createBodyMeasure(name: string, size: string, bodyBytes: number): Measure {
  const load = { kind: 'whole', bodyBytes, connections: 8, durationMs: 500 } as const;
  return {
    name,
    title: `Request bodies of ${size}, ${load.connections} connections`,
    baseline: 'bare',
    warmUps: 8,
    figures: [
      { label: 'requests/s', isRate: true, peerGoals: { portkey: { atLeast: 15 } } },
      { label: 'CPU µs/request', goal: { atMost: 1.5 } },
    ],
    contenders: (lab) =>
      runningContenders(lab, load.kind, async (target) => {
        const { answers, elapsedMs, cpuMicros } = await lab.load(target, load);
        return {
          'requests/s': (answers / elapsedMs) * 1000,
          'CPU µs/request': cpuMicros && cpuMicros / answers,
        };
      }),
  };
}
