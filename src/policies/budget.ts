import { calendarOf } from './calendar.ts';
import { periodFields } from './period-fields.ts';
import { definePolicy } from './policy.ts';

/** BUD-1: how many US dollars may be spent in a window of the calendar. */
export const budget = definePolicy({
  key: 'budgets',
  place: 'list',
  about: 'US dollars per period.',
  shape: ({ usd }) => ({
    usd: usd.describe('US dollars to spend in the period.'),
    ...periodFields,
  }),
  compile({ usd: max, period, timezone }, { limitAt }) {
    const facts = limitAt('budgets', `${period} ${timezone}`);
    const calendar = calendarOf(period, timezone);
    return [{ kind: 'limit', limit: { ...facts, kind: 'calendar', metric: 'usd', max, calendar } }];
  },
});
