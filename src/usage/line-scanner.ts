// Reads a few members of a ledger line without parsing it: a million lines of 1 KB are summed in
// seconds that way, and money keeps every digit. Only whole lines pass: one that was torn, or
// overwritten in the middle, does not close what it opens.

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** How a byte outside of strings changes the depth. */
const DEPTH_CHANGES = new Int8Array(256);
for (const opener of Buffer.from('{[')) DEPTH_CHANGES[opener] = 1;
for (const closer of Buffer.from('}]')) DEPTH_CHANGES[closer] = -1;

/** The members of the line that was scanned last, by their place in the list of names. */
export interface LineScanner {
  /** Looks at the line between two places of the bytes; false for what is no whole JSON object. */
  scan(bytes: Buffer, start: number, end: number): boolean;
  has(field: number): boolean;
  /** A member's JSON text; undefined where the line has none. */
  raw(field: number): string | undefined;
  /** A member that is text; undefined for others. */
  text(field: number): string | undefined;
  /** A member that is a number; undefined for others. */
  number(field: number): number | undefined;
  /** A member that is an integer of any length; null for null, undefined for others. */
  integer(field: number): bigint | null | undefined;
  /** A member, parsed; undefined where it is none or no JSON. */
  value(field: number): unknown;
}

const INTEGER = /^-?\d+$/;

/** A scanner for the members of those names, outside of every nested object. */
export function createLineScanner(names: readonly string[]): LineScanner {
  const wanted = groupByLength(names);
  const starts = new Int32Array(names.length);
  const ends = new Int32Array(names.length);
  let line: Buffer = Buffer.alloc(0);

  const fieldNamed = (start: number, end: number): number => {
    for (const { field, name } of wanted[end - start] ?? NO_FIELDS) {
      let at = 0;
      while (at < name.length && line[start + at] === name[at]) at += 1;
      if (at === name.length) return field;
    }
    return -1;
  };
  const raw = (field: number): string | undefined => {
    const start = starts[field] ?? -1;
    return start < 0 ? undefined : line.toString('utf8', start, ends[field]).trim();
  };
  let nameStart = 0;
  let nameEnd = 0;
  let valueStart = 0;

  /** Passes the name of the next member and its colon; false where there is none. */
  const passName = (at: number, end: number): boolean => {
    nameStart = skipSpace(line, at) + 1;
    nameEnd = line[nameStart - 1] === QUOTE ? stringEnd(line, nameStart, end) : -1;
    if (nameEnd === -1) return false;
    const colon = skipSpace(line, nameEnd + 1);
    valueStart = colon + 1;
    return line[colon] === COLON;
  };
  /** Passes its value; returns where it ends, or -1. */
  const passValue = (end: number): number => {
    const at = valueEnd(line, valueStart, end);
    const field = at === -1 ? -1 : fieldNamed(nameStart, nameEnd);
    if (field !== -1) {
      starts[field] = valueStart;
      ends[field] = at;
    }
    return at;
  };
  return {
    scan(bytes, start, end) {
      line = bytes;
      starts.fill(-1);
      if (bytes[start] !== OPEN_BRACE) return false;
      if (bytes[start + 1] === CLOSE_BRACE) return start + 2 === end;
      for (let at = start; at !== -1 && passName(at + 1, end); ) {
        at = passValue(end);
        if (at !== -1 && bytes[at] === CLOSE_BRACE) return at === end - 1;
      }
      return false;
    },
    has: (field) => (starts[field] ?? -1) >= 0,
    raw,
    text(field) {
      const found = raw(field);
      if (found?.charCodeAt(0) !== QUOTE) return undefined;
      return found.includes('\\') ? (parse(found) as string | undefined) : found.slice(1, -1);
    },
    number: (field) => toNumber(raw(field)),
    integer(field) {
      const found = raw(field);
      if (found === 'null') return null;
      return found !== undefined && INTEGER.test(found) ? BigInt(found) : undefined;
    },
    value(field) {
      const found = raw(field);
      return found === undefined ? undefined : parse(found);
    },
  };
}

interface Field {
  field: number;
  name: Buffer;
}

const NO_FIELDS: readonly Field[] = [];

function groupByLength(names: readonly string[]): Field[][] {
  const groups: Field[][] = [];
  for (const [field, text] of names.entries()) {
    const name = Buffer.from(text);
    groups[name.length] = [...(groups[name.length] ?? []), { field, name }];
  }
  return groups;
}

/** Where the value that begins there ends: at its comma or at the brace behind it; -1 for nowhere. */
function valueEnd(bytes: Buffer, start: number, end: number): number {
  let depth = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      at = stringEnd(bytes, at + 1, end);
      if (at === -1) return -1;
      continue;
    }
    if (depth === 0 && (byte === COMMA || byte === CLOSE_BRACE)) return at;
    depth += DEPTH_CHANGES[byte] ?? 0;
    if (depth < 0) return -1;
  }
  return -1;
}

function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] === SPACE) at += 1;
  return at;
}

function stringEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return -1;
}

function toNumber(text: string | undefined): number | undefined {
  const number = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
