import type { FieldList } from './field-list.ts';
import type { LineScanner } from './line-scanner.ts';
import { GROUPINGS, isGrouping } from './summary.ts';

/** Members of a line that hold one value rather than an object. */
const FIELDS = [
  'request_id',
  'config_hash',
  'api_key',
  'organisation',
  'team',
  'user',
  'namespace',
  'session',
  'surface',
  'operation',
  'stream',
  'requested_model',
  'alias',
  'model',
  'variant_of',
  'slug',
  'provider',
  'provider_key',
  'routing_profile',
  'discount',
  'http_status',
  'error_code',
  'usage_source',
  'cost_reason',
  'provider_request_id',
  'client_ip',
];

/** Which lines are looked at. */
export interface LedgerSelection {
  /** Calls that arrived then or later, in milliseconds since the epoch. */
  sinceMs?: number | undefined;
  /** Calls that arrived before. */
  untilMs?: number | undefined;
  where?: readonly Condition[];
}

/** A member that must have a value, or must not. */
export interface Condition {
  field: string;
  /** Empty = the line has no such member. */
  value: string;
  negated: boolean;
}

/** The condition that `field=value` or `field!=value` stands for; throws on other text. */
export function parseCondition(text: string): Condition {
  const [, name = '', operator, value = ''] = /^(\w+)(!?=)(.*)$/s.exec(text) ?? [];
  if (operator === undefined) throw new Error(`expected field=value or field!=value`);
  const field = isGrouping(name) ? GROUPINGS[name] : name;
  if (!FIELDS.includes(field)) throw new Error(`a call has no ${name}: try ${FIELDS.join(', ')}`);
  return { field, value, negated: operator === '!=' };
}

/** Judges whether a line is selected. */
export function createLedgerFilter(
  fields: FieldList,
  { sinceMs, untilMs, where = [] }: LedgerSelection,
): (entry: LineScanner) => boolean {
  const ts = fields.place('ts');
  // All lines write time alike, so text compares as the moments do.
  const since = sinceMs === undefined ? '' : new Date(sinceMs).toISOString();
  const until = untilMs === undefined ? '~' : new Date(untilMs).toISOString();
  const isTimed = sinceMs !== undefined || untilMs !== undefined;
  const conditions = where.map(({ field, ...rest }) => ({ place: fields.place(field), ...rest }));
  return (entry) => {
    if (isTimed) {
      const at = entry.text(ts) ?? '';
      if (at < since || at >= until) return false;
    }
    return conditions.every(({ place, value, negated }) => {
      const found = entry.text(place) ?? entry.raw(place) ?? '';
      return (found === value) !== negated;
    });
  };
}
