import { type Diagnosis, fail, ok, warn } from './diagnosis.ts';

const SUBJECT = 'clock';

/** Headers tell whole seconds, and answers take their time. */
const TOLERATED_MS = 30_000;

/**
 * Judges this machine's clock by those of the providers, from which it differs by so many milliseconds,
 * positive where it is ahead. The middle one counts, so that one provider cannot be wrong for all.
 */
export function judgeClock(offsetsMs: readonly number[]): Diagnosis {
  const sorted = [...offsetsMs].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) return warn(SUBJECT, 'no provider told the time, so it is not checked');
  if (Math.abs(middle) <= TOLERATED_MS) return ok(SUBJECT, 'agrees with the providers’');
  const way = middle > 0 ? 'ahead of' : 'behind';
  return fail(
    SUBJECT,
    `is ${formatSpan(Math.abs(middle))} ${way} the providers’`,
    'Set it, such as with `timedatectl set-ntp true`: budgets, expiry dates and certificates go by it.',
  );
}

function formatSpan(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 2) return `${Math.round(ms / 1_000)} seconds`;
  return minutes < 120 ? `${minutes} minutes` : `${(minutes / 60).toFixed(1)} hours`;
}
