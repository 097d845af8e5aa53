// Finds members by name and depth in a JSON text, in one pass and without parsing it: a stream tap has to look
// at every event, and parsing each would cost more than relaying it.
// A quoted text followed by a colon is always a member name: inside a string the quotes are escaped, and a
// string value is followed by a comma or a bracket.

import type { DataSpan } from './data-span.ts';
import { createEventMould, type Gap } from './event-mould.ts';
import { CLOSE_BRACE, COLON, OPEN_BRACE, QUOTE } from './json-bytes.ts';
import { findDigitsEnd, findStringEnd } from './value-end.ts';
import type { StreamReading } from './wire-format.ts';

const LOWER_N = 0x6e;

/** How a byte outside of strings changes the depth. */
const DEPTH_CHANGES = new Int8Array(256);
for (const opener of Buffer.from('{[')) DEPTH_CHANGES[opener] = 1;
for (const closer of Buffer.from('}]')) DEPTH_CHANGES[closer] = -1;

/** The member that a scan is at; reused for the next one. */
export interface MetMember {
  json: Buffer;
  /** End of the text that may be read. */
  end: number;
  name: string;
  /** How many brackets are open around it: 1 for the members of the outermost object. */
  depth: number;
  /** Where the value begins; behind the quote if it is a string. */
  start: number;
  /** Length of a string as written, with its escapes; null for other values. */
  textBytes: number | null;
}

/** Names of members (plain ASCII) → the depths at which they are looked for. */
type Depths = Readonly<Record<string, readonly number[]>>;

/** What a scan looks for. */
interface Wanted {
  /** Strings whose length counts as content. */
  counted: Depths;
  /** Strings that say the same under several names; in an event, those of the first that says anything count. */
  twins?: Depths;
  /** Members that are passed to `MeetMember`. */
  met: Depths;
  /** Strings and numbers that differ from event to event and have no meaning. */
  ignored?: Depths;
}

/** Looks up a name, given by its bytes. */
type NameMatcher = (json: Buffer, start: number, end: number) => WantedMember | undefined;

/** The reading whose `contentBytes` the scan increases. */
type Counts = Pick<StreamReading, 'contentBytes'>;

/**
 * Looks at one member, and tells if the text is worth parsing for it. Must be idempotent: an event that
 * repeats the one before may skip it.
 */
type MeetMember = (member: MetMember) => boolean;

/** Scans the next event of a stream; true if it is worth parsing. Never throws, whatever the bytes are. */
export type MemberScanner = (event: DataSpan) => boolean;

/** Makes the scanner of one stream. */
export function createMemberScanner(
  match: NameMatcher,
  counts: Counts,
  meet: MeetMember,
): MemberScanner {
  const mould = createEventMould();
  return (event) => {
    if (event.dataEnd <= event.dataStart) return false;
    const counted = mould.fit(event);
    if (counted !== null) {
      counts.contentBytes += counted;
      return false;
    }
    const gaps: Gap[] = [];
    const isNoteworthy = scanEvent(event, { match, counts, meet, gaps, twin: null });
    mould.cast(event, isNoteworthy ? null : gaps);
    return isNoteworthy;
  };
}

interface Scan {
  match: NameMatcher;
  counts: Counts;
  meet: MeetMember;
  gaps: Gap[];
  /** The twin that counts in this event. */
  twin: WantedMember | null;
}

function scanEvent({ source: json, dataStart, dataEnd: end }: DataSpan, scan: Scan): boolean {
  const member: MetMember = { json, end, name: '', depth: 0, start: 0, textBytes: null };
  let isNoteworthy = false;
  let depth = 0;
  let position = dataStart;
  while (position < end) {
    const byte = json[position] ?? 0;
    position += 1;
    if (byte !== QUOTE) {
      depth += DEPTH_CHANGES[byte] ?? 0;
      continue;
    }
    const nameStart = position;
    const nameEnd = findStringEnd(json, nameStart, end);
    position = nameEnd + 1;
    const valueStart = findValue(json, position, end);
    if (valueStart === -1) continue;
    position = valueStart;
    const wanted = scan.match(json, nameStart, nameEnd);
    if (wanted === undefined || wanted.atDepth[depth] !== true) continue;
    member.name = wanted.name;
    member.depth = depth;
    position = readValue(member, position);
    if (wanted.use !== 'met') passOver(member, wanted, scan);
    else if (scan.meet(member)) isNoteworthy = true;
  }
  return isNoteworthy;
}

/** Counts a value of which only the length matters, or ignores it, and notes its gap for the mould. */
function passOver({ json, start, end, textBytes }: MetMember, wanted: WantedMember, scan: Scan) {
  const { use } = wanted;
  if (textBytes === null) {
    if (use !== 'ignored') return;
    const digitsEnd = findDigitsEnd(json, start, end);
    scan.gaps.push({ start, end: digitsEnd, isString: false, isCounted: false });
    return;
  }
  if (use === 'twins') {
    // No gap: where this one says something, another event is to be scanned.
    if (textBytes === 0) return;
    scan.twin ??= wanted;
  }
  const isCounted = use === 'counted' || wanted === scan.twin;
  if (isCounted) scan.counts.contentBytes += textBytes;
  scan.gaps.push({ start, end: start + textBytes, isString: true, isCounted });
}

/** Start of the value if a colon follows the text, else -1. */
function findValue(json: Buffer, nameEnd: number, end: number): number {
  const colon = skipSpace(json, nameEnd, end);
  return colon < end && json[colon] === COLON ? skipSpace(json, colon + 1, end) : -1;
}

/** Records the place of the value, and returns where to scan on: behind a string, inside any other value. */
function readValue(member: MetMember, valueStart: number): number {
  member.start = valueStart;
  member.textBytes = null;
  if (valueStart >= member.end || member.json[valueStart] !== QUOTE) return valueStart;
  member.start = valueStart + 1;
  const end = findStringEnd(member.json, member.start, member.end);
  member.textBytes = end - member.start;
  return end + 1;
}

/** True if the member's value is an object. */
export function isObjectMember({ json, start, textBytes }: MetMember): boolean {
  return textBytes === null && json[start] === OPEN_BRACE;
}

/** True if the member's value is null. */
export function isNullMember({ json, start, textBytes }: MetMember): boolean {
  return textBytes === null && json[start] === LOWER_N;
}

/** True if the member's value is that string, plain ASCII. */
export function isTextMember({ json, start, textBytes }: MetMember, text: string): boolean {
  if (textBytes !== text.length) return false;
  for (let offset = 0; offset < text.length; offset += 1) {
    if (json[start + offset] !== text.charCodeAt(offset)) return false;
  }
  return true;
}

/** The digits at the member's value as a number; 0 where there are none. */
export function integerAt({ json, end, start }: MetMember): number {
  const digitsEnd = findDigitsEnd(json, start, end);
  let value = 0;
  for (let at = start; at < digitsEnd; at += 1) value = value * 10 + (json[at] ?? 0) - 0x30;
  return value;
}

/** The bytes of the member's object; empty if the value is something else or does not end. */
export function objectAt({ json, end, start }: MetMember): Buffer {
  let depth = 0;
  for (let at = start; at < end; at += 1) {
    const byte = json[at];
    if (byte === OPEN_BRACE) depth += 1;
    else if (byte === CLOSE_BRACE) depth -= 1;
    else if (byte === QUOTE) at = findStringEnd(json, at + 1, end);
    if (depth === 0) return json.subarray(start, byte === CLOSE_BRACE ? at + 1 : start);
  }
  return json.subarray(start, start);
}

interface WantedMember {
  name: string;
  bytes: Buffer;
  use: keyof Wanted;
  atDepth: readonly (true | undefined)[];
}

const NONE: readonly WantedMember[] = [];

/** Compiles the names that all streams of one API look for. */
export function createNameMatcher({ counted, twins = {}, met, ignored = {} }: Wanted): NameMatcher {
  const byLength: WantedMember[][] = [];
  const add = (use: keyof Wanted, depths: Depths) => {
    for (const [name, wantedDepths] of Object.entries(depths)) {
      const bytes = Buffer.from(name);
      // An index, not a search: most names that match are at another depth.
      const atDepth: true[] = [];
      for (const depth of wantedDepths) atDepth[depth] = true;
      byLength[bytes.length] ??= [];
      byLength[bytes.length]?.push({ name, bytes, use, atDepth });
    }
  };
  add('counted', counted);
  add('twins', twins);
  add('met', met);
  add('ignored', ignored);
  return (json, start, end) => {
    for (const wanted of byLength[end - start] ?? NONE) {
      if (startsWith(json, start, wanted.bytes)) return wanted;
    }
    return undefined;
  };
}

function startsWith(json: Buffer, start: number, bytes: Buffer): boolean {
  for (let offset = 0; offset < bytes.length; offset += 1) {
    if (json[start + offset] !== bytes[offset]) return false;
  }
  return true;
}

function skipSpace(json: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = json[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at += 1;
  }
  return at;
}
