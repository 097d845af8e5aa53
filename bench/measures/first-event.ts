import { BURST_EVENTS, OPENING_MS } from '../answer-kinds.ts';
import { type Measure, runningContenders } from '../measure.ts';

const BODY = { bodyBytes: 1024, connections: 1, durationMs: 400 } as const;
const OPENED = { kind: 'opened', ...BODY } as const;
const BURST = { kind: 'burst', ...BODY } as const;

/**
 * What one client alone waits for the first event of a stream: as models write it, with the others later, and
 * where all come at once, which is faster for whoever has not been idle.
 */
export const firstEvent: Measure = {
  name: 'first-event',
  title: `Time to the first event, ${OPENING_MS} ms before ${BURST_EVENTS - 1} others, 1 connection (ratio: added to the upstream)`,
  baseline: 'bare',
  warmUps: 8,
  figures: [
    { label: 'p50 µs', added: true, differenceGoal: { atMost: 300 } },
    { label: 'p50 µs, all at once', added: true, differenceGoal: { atMost: 300 } },
  ],
  contenders: (lab) =>
    runningContenders(lab, OPENED.kind, async (target) => {
      const { firstByte: inBurst } = await lab.load(target, BURST);
      const { firstByte } = await lab.load(target, OPENED);
      return { 'p50 µs': firstByte.median, 'p50 µs, all at once': inBurst.median };
    }),
};
