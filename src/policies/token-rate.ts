import * as z from 'zod';
import { type CountedRule, definePolicy } from './policy.ts';

const limit = z.int().min(0).optional();

const MINUTE_MS = 60_000;

const WINDOWS = { per_minute: MINUTE_MS, per_day: 24 * 60 * MINUTE_MS } as const;

/** POL-5: how many tokens may be used in a time; reserved before the call, settled after it. */
export const tokenRate = definePolicy({
  key: 'tokens',
  place: 'policies',
  about: 'How many tokens may be used.',
  shape: () => ({
    per_minute: limit.describe('Tokens in any 60 seconds, input and output.'),
    per_day: limit.describe('Tokens in any 24 hours, input and output.'),
  }),
  compile(settings, { limitAt }) {
    const rules: CountedRule[] = [];
    for (const key of ['per_minute', 'per_day'] as const) {
      const max = settings[key];
      if (max === undefined) continue;
      const facts = limitAt(`policies.tokens.${key}`);
      const windowMs = WINDOWS[key];
      rules.push({
        kind: 'limit',
        limit: { ...facts, kind: 'window', metric: 'tokens', max, windowMs },
      });
    }
    return rules;
  },
});
