import type { Hold, Reading } from './counters.ts';
import type { Amounts, Limit } from './limit.ts';

/** The two clocks of a store at one moment. */
export interface Moment {
  /** Milliseconds that never go backwards, whatever the wall clock does. */
  steadyMs: number;
  /** Milliseconds since the epoch. */
  wallMs: number;
}

/** A hold, and when it was taken. */
export interface MemoryHold extends Hold, Readonly<Moment> {}

/** What one limit has counted. The figure it is held against comes with each question. */
export interface Counter<Kind extends Limit = Limit> {
  fits(limit: Kind, claim: Amounts, at: Moment): boolean;
  /** Takes what fits. */
  take(limit: Kind, claim: Amounts, at: Moment): void;
  settle(limit: Kind, hold: MemoryHold, used: Amounts): void;
  restore(limit: Kind, usedAt: Moment, used: Amounts, at: Moment): void;
  /** In what the limit counts; never negative. */
  left(limit: Kind, at: Moment): number | bigint;
  /** Until the claim would fit; null = never. */
  waitMs(limit: Kind, claim: Amounts, at: Moment): number | null;
  /** Until nothing is in use any more. */
  resetMs(limit: Kind, at: Moment): number | null;
  read(limit: Kind, at: Moment): Reading;
}
