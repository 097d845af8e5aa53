import { isCalendarDay } from '../core/is-calendar-day.ts';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;
const AGO = /^(\d+)([mhdw])$/;

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * The moment that a word for people means, in milliseconds since the epoch, in this machine's time
 * zone: `today`, `yesterday`, `12h` ago, a date or a time; null for anything else.
 */
export function parseMoment(text: string, now: number): number | null {
  if (text === 'now') return now;
  if (text === 'today' || text === 'yesterday') {
    const today = new Date(now);
    const back = text === 'today' ? 0 : 1;
    return startOfDay(today.getFullYear(), today.getMonth(), today.getDate() - back).getTime();
  }
  const [, amount, unit = ''] = AGO.exec(text) ?? [];
  if (amount !== undefined) return now - Number(amount) * (UNIT_MS[unit] ?? 0);
  if (!isCalendarDay(text)) return null;
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (day !== undefined) {
    return startOfDay(Number(year), Number(month) - 1, Number(day)).getTime();
  }
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function startOfDay(year: number, month: number, day: number): Date {
  return new Date(year, month, day);
}
