import type { PeriodName } from '../policies/calendar.ts';
import { capacityOf, type Limit, wordOf } from '../policies/limit.ts';
import type { ScopeKind } from '../policies/scope.ts';
import type { Runtime } from './runtime.ts';

/** How one limit of the config stands. US dollars are in nanos. */
export interface LimitReading {
  scope: ScopeKind;
  /** Whose it is; empty for the global scope. */
  name: string;
  /** Where it stands below its scope. */
  setting: string;
  /** Which one of its scope it is, as refusals say. */
  word: string;
  kind: Limit['kind'];
  metric: Limit['metric'];
  max: number | bigint;
  /** What running calls hold is included. */
  used: number | bigint;
  /** Milliseconds since the epoch; null where nothing is in use, or never comes back. */
  resetsAtMs: number | null;
  /** Of a window of the calendar. */
  period: PeriodName | null;
  timezone: string | null;
  /** Of a sliding window. */
  windowMs: number | null;
}

/** Every limit of the config, and how much of it is in use. */
export function readLimits({
  catalog,
  counters,
}: Pick<Runtime, 'catalog' | 'counters'>): Promise<LimitReading[]> {
  const readings = catalog.limits.map(async (limit): Promise<LimitReading> => {
    const { kind, metric, scope, setting } = limit;
    const { used, resetsAtMs } = await counters.read(limit);
    return {
      scope: scope.kind,
      name: scope.name,
      setting,
      word: wordOf(limit),
      kind,
      metric,
      max: capacityOf(limit),
      used,
      resetsAtMs,
      period: kind === 'calendar' ? limit.calendar.period : null,
      timezone: kind === 'calendar' ? limit.calendar.timezone : null,
      windowMs: kind === 'window' ? limit.windowMs : null,
    };
  });
  return Promise.all(readings);
}
