import type { Measure } from '../measure.ts';

const LOAD = { kind: 'whole', bodyBytes: 1024, connections: 64, durationMs: 700 } as const;

/** What a second process gains: a proxy's own two against its one, in the same round. */
export const workers: Measure = {
  name: 'workers',
  title: 'Governed 1 KB chat call, 64 connections, two processes on one port',
  baseline: 'bare',
  warmUps: 2,
  figures: [
    { label: 'requests/s of one', isRate: true },
    { label: 'requests/s of two', isRate: true },
    { label: 'gain', isRate: true, goal: { atLeast: 1 } },
  ],
  async contenders(lab) {
    const contenders = [];
    for (const name of ['bare', 'signalbox'] as const) {
      const [one, two] = [await lab.start(name, 1), await lab.start(name, 2)];
      for (const target of [one, two]) await lab.checkAnswer(target, LOAD.kind);
      const rateOf = async (target: typeof one) => {
        const { answers, elapsedMs } = await lab.load(target, LOAD);
        return (answers / elapsedMs) * 1000;
      };
      const sample = async () => {
        const [ofOne, ofTwo] = [await rateOf(one), await rateOf(two)];
        return {
          'requests/s of one': ofOne,
          'requests/s of two': ofTwo,
          gain: ofTwo / ofOne,
        };
      };
      contenders.push({ name, sample });
    }
    return contenders;
  },
};
