import type { FieldList } from './field-list.ts';
import type { LineScanner } from './line-scanner.ts';
import { GROUPINGS, type Grouping, type SummarizedCall } from './summary.ts';

const CACHE_READS = /"cache_read_\w+":\s*(\d+)/g;

/** Reads what a summary takes of a line. Days and hours are those of this machine's time zone. */
export function createCallReader(
  fields: FieldList,
  grouping: Grouping,
): (entry: LineScanner) => SummarizedCall {
  const readGroup = createGroupReader(fields, grouping);
  const errorCode = fields.place('error_code');
  const httpStatus = fields.place('http_status');
  const latencyMs = fields.place('latency_ms');
  const tokens = fields.place('tokens');
  const cost = fields.place('cost_nanos_usd');
  return (entry) => ({
    group: readGroup(entry),
    failed: (entry.number(httpStatus) ?? 0) >= 400 || entry.has(errorCode),
    latencyMs: entry.number(latencyMs),
    ...readTokens(entry.raw(tokens)),
    costNanoUsd: entry.integer(cost) ?? null,
  });
}

function readTokens(text: string | undefined) {
  const totals = /"in":\s*(\d+),\s*"out":\s*(\d+)/.exec(text ?? '');
  let cachedTokens = 0;
  if (text?.includes('"cache_read_')) {
    for (const [, count] of text.matchAll(CACHE_READS)) cachedTokens += Number(count);
  }
  return {
    inputTokens: Number(totals?.[1] ?? 0),
    outputTokens: Number(totals?.[2] ?? 0),
    cachedTokens,
  };
}

function createGroupReader(
  fields: FieldList,
  grouping: Grouping,
): (entry: LineScanner) => string | null {
  const field = fields.place(GROUPINGS[grouping]);
  if (grouping !== 'day' && grouping !== 'hour') return (entry) => entry.text(field) ?? null;
  const describe = grouping === 'day' ? describeDay : describeHour;
  // Lines stand nearly in the order of time, and no zone's offset is finer than a minute.
  let minute = '';
  let group: string | null = null;
  return (entry) => {
    const text = entry.text(field) ?? '';
    const found = text.slice(0, 'YYYY-MM-DDTHH:MM'.length);
    if (found !== minute) {
      minute = found;
      const at = new Date(text);
      group = Number.isNaN(at.getTime()) ? null : describe(at);
    }
    return group;
  };
}

function describeDay(at: Date): string {
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** With its offset: in the night that clocks are set back, an hour comes twice. */
function describeHour(at: Date): string {
  const offset = -at.getTimezoneOffset();
  const size = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
  return `${describeDay(at)}T${pad(at.getHours())}:00${zone}`;
}

function pad(part: number): string {
  return String(part).padStart(2, '0');
}
