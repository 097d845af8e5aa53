import * as z from 'zod';
import { calendarOf } from './calendar.ts';
import { periodFields } from './period-fields.ts';
import { definePolicy } from './policy.ts';

/** BUD-1: how many requests or tokens may be used in a window of the calendar. */
export const quota = definePolicy({
  key: 'quotas',
  place: 'list',
  about: 'Requests or tokens per period.',
  shape: () => ({
    metric: z.enum(['requests', 'tokens', 'tokens_in', 'tokens_out']).describe('What is counted.'),
    limit: z.int().min(0).describe('How much may be used in the period.'),
    ...periodFields,
  }),
  compile({ metric, limit, period, timezone }, { limitAt }) {
    const facts = limitAt('quotas', `${metric} ${period} ${timezone}`);
    const calendar = calendarOf(period, timezone);
    const max = BigInt(limit);
    return [{ kind: 'limit', limit: { ...facts, kind: 'calendar', metric, max, calendar } }];
  },
});
