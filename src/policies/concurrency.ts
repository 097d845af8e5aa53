import * as z from 'zod';
import { definePolicy } from './policy.ts';

/** POL-5: how many calls may run at once; each is given back on its end, however it ends. */
export const concurrency = definePolicy({
  key: 'concurrency',
  place: 'policies',
  about: 'How many calls may run at once.',
  shape: () => ({ max: z.int().min(0).optional().describe('Calls in flight.') }),
  compile({ max }, { limitAt }) {
    if (max === undefined) return [];
    const facts = limitAt('policies.concurrency.max');
    return [{ kind: 'limit', limit: { ...facts, kind: 'gauge', metric: 'calls', max } }];
  },
});
