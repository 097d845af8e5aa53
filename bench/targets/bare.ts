import { upstreamPath } from '../answer-kinds.ts';
import { bundleOf } from '../start-process.ts';
import type { TargetKind } from './target-kind.ts';

/** The floor: what Node does at the least. */
export const bare: TargetKind = {
  name: 'bare',
  prepare: async ({ upstreamPort, processes }) => ({
    words: [bundleOf('bare'), `http://127.0.0.1:${upstreamPort}`, String(processes)],
  }),
  request: (kind) => ({ path: upstreamPath(kind) }),
};
