import { BURST_EVENTS } from '../answer-kinds.ts';
import { type Measure, runningContenders } from '../measure.ts';

const LOAD = { kind: 'burst', bodyBytes: 1024, connections: 16, durationMs: 500 } as const;

/** Streams as fast as they go: a fast model, or a replay. */
export const burstStream: Measure = {
  name: 'burst-stream',
  title: `Streams of ${BURST_EVENTS} events at once, 16 connections`,
  baseline: 'bare',
  warmUps: 6,
  figures: [
    { label: 'events/s', isRate: true },
    { label: 'CPU µs/event', goal: { atMost: 1.2 } },
  ],
  contenders: (lab) =>
    runningContenders(lab, LOAD.kind, async (target) => {
      const { answers, elapsedMs, cpuMicros } = await lab.load(target, LOAD);
      const events = answers * BURST_EVENTS;
      return {
        'events/s': (events / elapsedMs) * 1000,
        'CPU µs/event': cpuMicros && cpuMicros / events,
      };
    }),
};
