import { PACE_MS, PACED_EVENTS } from '../answer-kinds.ts';
import { type Measure, runningContenders } from '../measure.ts';

const STREAMS = 200;
/** One stream for each connection; it takes as long as its events do. */
const LOAD = { kind: 'paced', bodyBytes: 1024, connections: STREAMS, durationMs: 0 } as const;

/** Streams as models write them: each event comes alone. */
export const pacedStream: Measure = {
  name: 'paced-stream',
  title: `${STREAMS} streams with 1 event each ${PACE_MS} ms`,
  baseline: 'bare',
  warmUps: 4,
  share: 0.67,
  figures: [
    { label: 'events/s', isRate: true },
    { label: 'CPU µs/event', goal: { atMost: 1.2 } },
  ],
  contenders: (lab) =>
    runningContenders(lab, LOAD.kind, async (target) => {
      const { answers, elapsedMs, cpuMicros } = await lab.load(target, LOAD);
      const events = answers * PACED_EVENTS;
      return {
        'events/s': (events / elapsedMs) * 1000,
        'CPU µs/event': cpuMicros && cpuMicros / events,
      };
    }),
};
