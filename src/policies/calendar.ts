/** A stretch of time: from its start, up to and without its end; milliseconds since the epoch. */
export interface Period {
  readonly startMs: number;
  readonly endMs: number;
}

export type PeriodName = 'day' | 'week' | 'month' | 'total';

/** Calendar windows of one kind in one time zone. */
export interface Calendar {
  readonly period: PeriodName;
  readonly timezone: string;
  /** The window that holds the moment. */
  periodAt(nowMs: number): Period;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** No time zone is further from UTC. */
const MAX_OFFSET_MS = 15 * 60 * 60 * 1000;

const FOREVER: Period = { startMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY };

const calendars = new Map<string, Calendar>();

/** The windows of that period and time zone; right across daylight-saving changes. */
export function calendarOf(period: PeriodName, timezone: string): Calendar {
  const id = `${period} ${timezone}`;
  const known = calendars.get(id);
  if (known) return known;
  const calendar = period === 'total' ? createEternity(timezone) : createCalendar(period, timezone);
  calendars.set(id, calendar);
  return calendar;
}

function createEternity(timezone: string): Calendar {
  return { period: 'total', timezone, periodAt: () => FOREVER };
}

function createCalendar(period: Exclude<PeriodName, 'total'>, timezone: string): Calendar {
  const readDay = createDayReader(timezone);
  // The time zone is asked once in a window; a call only compares two numbers.
  let last: Period = { startMs: 0, endMs: 0 };
  return {
    period,
    timezone,
    periodAt(nowMs) {
      if (nowMs >= last.startMs && nowMs < last.endMs) return last;
      const [first, next] = bounds(period, readDay(nowMs));
      last = { startMs: firstMoment(first, readDay), endMs: firstMoment(next, readDay) };
      return last;
    },
  };
}

/** Tells the local date of a moment, as days since 1970-01-01. */
type DayReader = (atMs: number) => number;

function createDayReader(timeZone: string): DayReader {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  return (atMs) => {
    const parts = { year: 1970, month: 1, day: 1 };
    for (const { type, value } of format.formatToParts(atMs)) {
      if (type === 'year' || type === 'month' || type === 'day') parts[type] = Number(value);
    }
    return Date.UTC(parts.year, parts.month - 1, parts.day) / DAY_MS;
  };
}

/** First day of the window that holds the day, and of the next one. */
function bounds(period: 'day' | 'week' | 'month', day: number): [first: number, next: number] {
  if (period === 'day') return [day, day + 1];
  if (period === 'week') {
    // 1970-01-01 was a Thursday; weeks begin on Monday.
    const monday = day - ((((day + 3) % 7) + 7) % 7);
    return [monday, monday + 7];
  }
  const date = new Date(day * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return [Date.UTC(year, month, 1) / DAY_MS, Date.UTC(year, month + 1, 1) / DAY_MS];
}

/**
 * The first moment at which the local date is that day, or later. Searched for rather than computed
 * from an offset: where clocks go forward at midnight, the day begins at one.
 */
function firstMoment(day: number, readDay: DayReader): number {
  let before = day * DAY_MS - MAX_OFFSET_MS;
  let within = day * DAY_MS + MAX_OFFSET_MS;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (readDay(middle) < day) before = middle;
    else within = middle;
  }
  return within;
}
