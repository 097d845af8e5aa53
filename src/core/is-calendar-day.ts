/** Whether text that begins like `2027-02-28` names a day that there is: `Date` takes the thirtieth of February for one in March. */
export function isCalendarDay(text: string): boolean {
  const [day = ''] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
