import type { Measure } from '../measure.ts';

const LOAD = { kind: 'whole', bodyBytes: 1024, connections: 64, durationMs: 700 } as const;

/** What a second process gains: a proxy's own two against its one, in the same round. */
export const workers: Measure = {
  name: 'workers',
  title: 'Governed 1 KB chat call, 64 connections, two processes on one port',
  baseline: 'bare',
  // Each of two processes sees half of the calls, and compiles its code as late.
  warmUps: 16,
  figures: [
    { label: 'requests/s of one', isRate: true },
    { label: 'requests/s of two', isRate: true },
    { label: 'gain', isRate: true, goal: { atLeast: 1 } },
    { label: 'CPU µs/request of one' },
    { label: 'CPU µs/request of two' },
  ],
  async contenders(lab) {
    const contenders = [];
    for (const name of ['bare', 'signalbox'] as const) {
      const [one, two] = [await lab.start(name, 1), await lab.start(name, 2)];
      for (const target of [one, two]) await lab.checkAnswer(target, LOAD.kind);
      const figuresOf = async (target: typeof one) => {
        const { answers, elapsedMs, cpuMicros } = await lab.load(target, LOAD);
        return { rate: (answers / elapsedMs) * 1000, cpu: cpuMicros && cpuMicros / answers };
      };
      const sample = async () => {
        const [ofOne, ofTwo] = [await figuresOf(one), await figuresOf(two)];
        return {
          'requests/s of one': ofOne.rate,
          'requests/s of two': ofTwo.rate,
          gain: ofTwo.rate / ofOne.rate,
          'CPU µs/request of one': ofOne.cpu,
          'CPU µs/request of two': ofTwo.cpu,
        };
      };
      contenders.push({ name, sample });
    }
    return contenders;
  },
};
