import * as z from 'zod';

/** What budgets and quotas say of their window. */
export const periodFields = {
  period: z.enum(['day', 'week', 'month', 'total']).describe('Calendar window.'),
  timezone: z
    .string()
    .refine(isTimeZone, { error: 'expected a time zone such as Europe/Berlin' })
    .default('UTC')
    .describe('Where the day begins.'),
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
