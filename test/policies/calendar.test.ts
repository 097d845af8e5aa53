import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { calendarOf, type PeriodName } from '../../src/policies/calendar.ts';

function periodOf(period: PeriodName, timezone: string, at: string): [start: string, end: string] {
  const { startMs, endMs } = calendarOf(period, timezone).periodAt(Date.parse(at));
  return [new Date(startMs).toISOString(), new Date(endMs).toISOString()];
}

describe('calendarOf (BUD-1)', () => {
  const cases: [PeriodName, string, string, string, string][] = [
    ['day', 'UTC', '2026-11-28T23:59:59.999Z', '2026-11-28T00:00Z', '2026-11-29T00:00Z'],
    ['day', 'UTC', '2026-11-29T00:00:00Z', '2026-11-29T00:00Z', '2026-11-30T00:00Z'],
    // Clocks go forward: a day of 23 hours; and back: one of 25.
    ['day', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
    ['day', 'Europe/Berlin', '2026-10-25T12:00Z', '2026-10-24T22:00Z', '2026-10-25T23:00Z'],
    ['day', 'America/New_York', '2026-11-01T12:00Z', '2026-11-01T04:00Z', '2026-11-02T05:00Z'],
    // Clocks go forward at midnight: the day begins at one.
    ['day', 'America/Sao_Paulo', '2018-11-04T12:00Z', '2018-11-04T03:00Z', '2018-11-05T02:00Z'],
    ['day', 'Asia/Beirut', '2026-03-29T12:00Z', '2026-03-28T22:00Z', '2026-03-29T21:00Z'],
    ['day', 'Pacific/Kiritimati', '2026-06-01T09:59Z', '2026-05-31T10:00Z', '2026-06-01T10:00Z'],
    ['day', 'Pacific/Niue', '2026-06-01T10:59Z', '2026-05-31T11:00Z', '2026-06-01T11:00Z'],
    ['day', 'Asia/Kathmandu', '2026-06-01T18:14Z', '2026-05-31T18:15Z', '2026-06-01T18:15Z'],
    // Samoa had no 30 December 2011.
    ['day', 'Pacific/Apia', '2011-12-30T09:59Z', '2011-12-29T10:00Z', '2011-12-30T10:00Z'],
    ['week', 'UTC', '2026-11-28T12:00Z', '2026-11-23T00:00Z', '2026-11-30T00:00Z'],
    ['week', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-22T23:00Z', '2026-03-29T22:00Z'],
    ['month', 'UTC', '2024-02-29T12:00Z', '2024-02-01T00:00Z', '2024-03-01T00:00Z'],
    ['month', 'Europe/Berlin', '2026-03-15T12:00Z', '2026-02-28T23:00Z', '2026-03-31T22:00Z'],
    ['month', 'Europe/Berlin', '2026-12-31T23:00Z', '2026-12-31T23:00Z', '2027-01-31T23:00Z'],
  ];
  for (const [period, timezone, at, start, end] of cases) {
    test(`the ${period} of ${at} in ${timezone} is from ${start} to ${end}`, () => {
      const expected = [start, end].map((text) => new Date(text).toISOString());
      assert.deepEqual(periodOf(period, timezone, at), expected);
    });
  }

  test('windows join without a gap, through the daylight-saving changes of a year', () => {
    for (const timezone of ['Europe/Berlin', 'America/Santiago', 'Australia/Lord_Howe']) {
      for (const period of ['day', 'week', 'month'] as const) {
        const calendar = calendarOf(period, timezone);
        let { endMs } = calendar.periodAt(Date.UTC(2026, 0, 1));
        while (endMs < Date.UTC(2027, 0, 2)) {
          const next = calendar.periodAt(endMs);
          assert.equal(next.startMs, endMs);
          assert.equal(calendar.periodAt(endMs - 1).endMs, endMs);
          endMs = next.endMs;
        }
      }
    }
  });

  test('a total has neither beginning nor end', () => {
    const { startMs, endMs } = calendarOf('total', 'UTC').periodAt(0);
    assert.deepEqual([startMs, endMs], [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});
