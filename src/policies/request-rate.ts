import * as z from 'zod';
import { type CountedRule, definePolicy } from './policy.ts';

const limit = z.int().min(0).optional();

const SECOND_MS = 1000;

const WINDOWS = {
  per_minute: 60 * SECOND_MS,
  per_hour: 60 * 60 * SECOND_MS,
  per_day: 24 * 60 * 60 * SECOND_MS,
} as const;

/** POL-5: how many calls may be made; a bucket for seconds, sliding windows for what is longer. */
export const requestRate = definePolicy({
  key: 'requests',
  place: 'policies',
  about: 'How many calls may be made.',
  shape: () => ({
    per_second: limit.describe('Refill of the token bucket.'),
    burst: limit.describe('Size of the token bucket. Default: per_second.'),
    per_minute: limit.describe('Calls in any 60 seconds.'),
    per_hour: limit.describe('Calls in any hour.'),
    per_day: limit.describe('Calls in any 24 hours.'),
  }),
  findFlaw: ({ burst, per_second: perSecond }) =>
    burst !== undefined && perSecond === undefined
      ? '`burst` needs `per_second`, which fills it again'
      : undefined,
  compile(settings, { limitAt }) {
    const rules: CountedRule[] = [];
    const { per_second: perSecond, burst = perSecond } = settings;
    if (perSecond !== undefined && burst !== undefined) {
      const facts = limitAt('policies.requests.per_second');
      const bucket = {
        ...facts,
        kind: 'bucket',
        metric: 'requests',
        max: perSecond,
        burst,
      } as const;
      rules.push({ kind: 'limit', limit: bucket });
    }
    for (const key of ['per_minute', 'per_hour', 'per_day'] as const) {
      const max = settings[key];
      if (max === undefined) continue;
      const facts = limitAt(`policies.requests.${key}`);
      const windowMs = WINDOWS[key];
      rules.push({
        kind: 'limit',
        limit: { ...facts, kind: 'window', metric: 'requests', max, windowMs },
      });
    }
    return rules;
  },
});
