import * as z from 'zod';
import { expected } from './expected.ts';

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of text such as `500ms`, `30s`, `5m`, `1h` or `7d`; null for anything else. */
function parseDuration(text: string): number | null {
  const [, amount, unit = ''] = DURATION.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  return unitMs === undefined ? null : Math.round(Number(amount) * unitMs);
}

const wording = {
  error: ({ input }: { input?: unknown }) =>
    expected('a duration such as 30s, 5m or 1h, or milliseconds', input),
};

/** A length of time in the config (CFG-4); the output is whole milliseconds. */
export const duration = z
  .union([z.int().min(0, wording), z.string().regex(DURATION, wording)], wording)
  .transform((value) => (typeof value === 'number' ? value : (parseDuration(value) ?? 0)));

/** Node's timers end at once where they are asked for more. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A length of time that a timer waits for. */
export const timerDuration = duration.refine((waitMs) => waitMs <= MAX_TIMER_MS, {
  error: 'is longer than a timer can wait; 24d is the most',
});
