import type { LimitStanding } from '../policies/counters.ts';

/** How a limit stands, or null where none is shown. */
export type PlainStanding = readonly [max: number, left: number, resetMs: number | null] | null;

/** A standing for a message. */
export function writeStanding(standing: LimitStanding | null): PlainStanding {
  return standing && [standing.max, standing.left, standing.resetMs];
}

/** A standing of a message. */
export function readStanding(plain: PlainStanding): LimitStanding | null {
  return plain && { max: plain[0], left: plain[1], resetMs: plain[2] };
}
