import type { Calendar } from './calendar.ts';
import type { Scope } from './scope.ts';

interface LimitFacts {
  /** Names the counter. It does not hold the figure, so that a changed one keeps what was counted. */
  readonly id: string;
  readonly scope: Scope;
  /** Where it stands below its scope, such as `policies.requests.per_minute`. */
  readonly setting: string;
  /** Place among the policies; the first one that refuses is the one that is told. */
  readonly order: number;
}

/** So much in any stretch of time of that length. */
export interface WindowLimit extends LimitFacts {
  readonly kind: 'window';
  readonly metric: 'requests' | 'tokens';
  readonly max: number;
  readonly windowMs: number;
}

/** A bucket of requests that fills again at a steady rate. */
export interface BucketLimit extends LimitFacts {
  readonly kind: 'bucket';
  readonly metric: 'requests';
  /** Requests that come back in a second. */
  readonly max: number;
  /** What the bucket holds. */
  readonly burst: number;
}

/** So many at once. */
export interface GaugeLimit extends LimitFacts {
  readonly kind: 'gauge';
  readonly metric: 'calls';
  readonly max: number;
}

/** So much in a day, week or month of the calendar, or ever; US dollars in nanos. */
export interface CalendarLimit extends LimitFacts {
  readonly kind: 'calendar';
  readonly metric: 'requests' | 'tokens' | 'tokens_in' | 'tokens_out' | 'usd';
  readonly max: bigint;
  readonly calendar: Calendar;
}

/** A figure that a counter is held against. */
export type Limit = WindowLimit | BucketLimit | GaugeLimit | CalendarLimit;

/** Which limit of its scope it is, in the words of the config: `requests.per_minute`, `usd.month`. */
export function wordOf(limit: Limit): string {
  if (limit.kind === 'calendar') return `${limit.metric}.${limit.calendar.period}`;
  return limit.setting.replace('policies.', '');
}

/** How much can be in use at once, in what the limit counts. */
export function capacityOf(limit: Limit): number | bigint {
  return limit.kind === 'bucket' ? limit.burst : limit.max;
}

/** What one call takes from its limits, or has used. */
export interface Amounts {
  readonly requests: number;
  readonly tokensIn: number;
  /** Rates reserve what is expected, since a rate heals by itself … */
  readonly tokensOut: number;
  /** … quotas reserve the most that can come, since they must not be passed. */
  readonly mostTokensOut: number;
  readonly nanoUsd: bigint;
}

/** A call that used nothing: its hold is given back whole. */
export const NOTHING: Amounts = {
  requests: 0,
  tokensIn: 0,
  tokensOut: 0,
  mostTokensOut: 0,
  nanoUsd: 0n,
};

/** A call of which nothing is known but that it was made, or that used nothing else. */
export const ONE_REQUEST: Amounts = {
  requests: 1,
  tokensIn: 0,
  tokensOut: 0,
  mostTokensOut: 0,
  nanoUsd: 0n,
};

/** What a calendar limit counts of the amounts. */
export function exactCountOf({ metric }: CalendarLimit, amounts: Amounts): bigint {
  switch (metric) {
    case 'usd':
      return amounts.nanoUsd;
    case 'requests':
      return BigInt(amounts.requests);
    case 'tokens':
      return BigInt(amounts.tokensIn + amounts.mostTokensOut);
    case 'tokens_in':
      return BigInt(amounts.tokensIn);
    case 'tokens_out':
      return BigInt(amounts.mostTokensOut);
  }
}
