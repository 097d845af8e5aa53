import * as z from 'zod';
import { isCalendarDay } from '../core/is-calendar-day.ts';
import { createLimitLists } from '../policies/policy-settings.ts';
import { limitUnits } from './limit-units.ts';
import { policiesSchema } from './model-schema.ts';
import { secretText } from './secret-text.ts';

const SHA256 = /^sha256:[0-9a-f]{64}$/i;

/** What an API key, team, user or organisation may spend. */
const limits = {
  policies: policiesSchema.optional(),
  // Budgets, quotas and whatever else the policies bring; only they know what is in them.
  ...(createLimitLists(limitUnits) as object),
};

const grants = z.array(z.string().min(1)).default([]);

/** One entry of `api_keys`. */
export const apiKeySchema = z.strictObject({
  key: secretText
    .refine((secret) => isDigestOrPlain(secret.reveal()), {
      error: 'expected 64 hexadecimal digits after sha256:',
    })
    .describe('What the client presents: os.environ/NAME, or sha256: and its SHA-256.'),
  models: grants.describe('Models it may call; a trailing * matches the rest. Default: none.'),
  denied_models: grants.describe('Models it may not call, whatever `models` says.'),
  organisation: z.string().min(1).optional().describe('Label, and scope of limits.'),
  team: z.string().min(1).optional().describe('An entry of `teams`.'),
  user: z.string().min(1).optional().describe('Label, and scope of limits.'),
  namespace: z.string().min(1).default('default').describe('Keeps usage histories apart.'),
  expires_at: z
    .string()
    .refine((text) => isCalendarDay(text) && !Number.isNaN(Date.parse(text)), {
      error: 'expected a date such as 2027-01-01T00:00:00Z',
      abort: true,
    })
    .refine((text) => !text.includes(':') || /(?:Z|[+-]\d\d:?\d\d)$/i.test(text), {
      error: 'needs its zone after the time, Z or such as +02:00',
    })
    .transform((text) => Date.parse(text))
    .optional()
    .describe('When the key stops working.'),
  revoked: z.boolean().default(false).describe('Set to stop accepting the key.'),
  unpriced: z
    .enum(['allow', 'refuse'])
    .default('refuse')
    .describe('Whether a budget lets calls pass whose price is not known.'),
  ...limits,
});

/** One entry of `teams`, `users` or `organisations`. */
export const groupSchema = z.strictObject(limits);

export type ApiKeyConfig = z.output<typeof apiKeySchema>;
export type GroupConfig = z.output<typeof groupSchema>;

function isDigestOrPlain(text: string): boolean {
  return !/^sha256:/i.test(text) || SHA256.test(text);
}
