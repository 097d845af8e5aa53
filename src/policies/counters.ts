import type { Amounts, Limit } from './limit.ts';

/**
 * What a call holds of its limits until it settles. Its store knows more of it than is told here, so a part
 * of it is made by a copy.
 */
export interface Hold {
  readonly limits: readonly Limit[];
  readonly claim: Amounts;
}

/** How a limit that can be shown to clients stands (POL-7). */
export interface LimitStanding {
  max: number;
  left: number;
  /** Until all of it is there again; null = never. */
  resetMs: number | null;
}

/** A call that may pass, and the tightest of its limits. */
export interface Admittance {
  readonly hold: Hold;
  readonly requests: LimitStanding | null;
  readonly tokens: LimitStanding | null;
  /** What the limits answered that were asked for beside these; null = none were. */
  readonly ahead: Taking | null;
}

/** The limit that a call does not fit into; nothing was taken. */
export interface Denial {
  readonly limit: Limit;
  /** What is left, in what the limit counts. */
  readonly left: number | bigint;
  /** Until the same call would fit; null = never, as things are. */
  readonly waitMs: number | null;
}

/** How much of a limit is in use. */
export interface Reading {
  /** Holds of running calls included. */
  used: number | bigint;
  /** Milliseconds since the epoch; null for what has no end. */
  resetsAtMs: number | null;
}

/**
 * Where everything that limits count is kept. Each operation is one step, so that calls in flight at
 * once cannot pass the same limit; each may answer later, since a shared store can stand behind it.
 */
export interface CounterStore {
  /**
   * Takes the claim from every limit, or from none. If it can, it does so in the same step with those
   * that the call needs next; a store that stands elsewhere is asked once then.
   */
  take(
    limits: readonly Limit[],
    claim: Amounts,
    ahead?: readonly Limit[],
  ): Taking | Promise<Taking>;
  /** Replaces a hold by what was used. Once for each limit of a hold; a hold may be settled in parts. */
  settle(hold: Hold, used: Amounts): void | Promise<void>;
  /** Counts what was used at an earlier moment, by another process or before a restart. */
  restore(limit: Limit, usedAtMs: number, used: Amounts): void;
  read(limit: Limit): Reading | Promise<Reading>;
  /** Forgets counters that none of these limits names. */
  retain(limits: Iterable<Limit>): void;
}

export type Taking = Admittance | Denial;

/** Tells a refusal from an admittance. */
export function isDenial(taking: Taking): taking is Denial {
  return 'limit' in taking;
}
