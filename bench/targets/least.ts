import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { bundleOf } from '../start-process.ts';
import { API_KEY } from './signalbox.ts';
import type { TargetKind } from './target-kind.ts';

/** What governing costs at the least, written by hand for one config. */
export const least: TargetKind = {
  name: 'least',
  prepare: async ({ upstreamPort, folder }) => ({
    words: [
      bundleOf('least'),
      `http://127.0.0.1:${upstreamPort}`,
      join(folder, 'least.jsonl'),
      createHash('sha256').update(API_KEY).digest('hex'),
    ],
  }),
  request: () => ({ path: '/v1/chat/completions' }),
};
