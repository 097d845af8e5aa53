import { calendarOf, type PeriodName } from '../../src/policies/calendar.ts';
import type {
  Amounts,
  BucketLimit,
  CalendarLimit,
  GaugeLimit,
  WindowLimit,
} from '../../src/policies/limit.ts';
import { GLOBAL_SCOPE } from '../../src/policies/scope.ts';

function facts(id: string) {
  return { id, scope: GLOBAL_SCOPE, setting: id, order: 0 };
}

/** So many requests in a minute, or in another window. */
export function requestWindow(max: number, windowMs = 60_000): WindowLimit {
  return { ...facts(`requests ${windowMs}`), kind: 'window', metric: 'requests', max, windowMs };
}

/** So many tokens in a minute. */
export function tokenWindow(max: number): WindowLimit {
  return { ...facts('tokens'), kind: 'window', metric: 'tokens', max, windowMs: 60_000 };
}

export function bucket(max: number, burst = max): BucketLimit {
  return { ...facts('bucket'), kind: 'bucket', metric: 'requests', max, burst };
}

export function gauge(max: number): GaugeLimit {
  return { ...facts('gauge'), kind: 'gauge', metric: 'calls', max };
}

export function calendarLimit(
  metric: CalendarLimit['metric'],
  max: bigint,
  [period, timezone]: [PeriodName, string] = ['day', 'UTC'],
): CalendarLimit {
  const calendar = calendarOf(period, timezone);
  return { ...facts(`${metric} ${period} ${timezone}`), kind: 'calendar', metric, max, calendar };
}

/** What one call takes, unless said otherwise. */
export function amounts(changes: Partial<Amounts> = {}): Amounts {
  const one = { requests: 1, tokensIn: 10, tokensOut: 20, mostTokensOut: 100, nanoUsd: 1_000n };
  return { ...one, ...changes };
}
