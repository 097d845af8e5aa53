// Finds members by name and depth in a JSON text, in one pass and without parsing it: a stream tap has
// to look at every event, and parsing each would cost more than relaying it does.
// A quoted text followed by a colon is a member name and nothing else: inside a string the quotes are
// escaped, and behind a string value comes a comma or a bracket.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LOWER_N = 0x6e;

/** How a byte outside of strings changes the depth. */
const DEPTH_CHANGES = new Int8Array(256);
for (const opener of Buffer.from('{[')) DEPTH_CHANGES[opener] = 1;
for (const closer of Buffer.from('}]')) DEPTH_CHANGES[closer] = -1;

/** Longer strings than this are searched natively, which pays off only for them. */
const NEAR_BYTES = 64;

/** A member that a scan met; the next one overwrites it. */
export interface MetMember {
  json: Buffer;
  name: string;
  /** How many brackets are open around it: 1 for the members of the outermost object. */
  depth: number;
  /** Where the value begins; behind the quote if it is a string. */
  start: number;
  /** Length of a string as it is written; null for other values. */
  textBytes: number | null;
}

/** Looks at one member, and tells if the text is worth parsing for it. */
type MeetMember = (member: MetMember) => boolean;

/** Shows its members to `meet`; true if any is worth parsing for. Never throws, whatever the bytes are. */
export type MemberScanner = (json: Buffer, meet: MeetMember) => boolean;

/** Makes a scanner for the members of those names, plain ASCII, at those depths. */
export function createMemberScanner(depths: Record<string, readonly number[]>): MemberScanner {
  const match = createNameMatcher(depths);
  return (json, meet) => scanMembers(json, match, meet);
}

function scanMembers(json: Buffer, match: NameMatcher, meet: MeetMember): boolean {
  const member: MetMember = { json, name: '', depth: 0, start: 0, textBytes: null };
  let isNoteworthy = false;
  let depth = 0;
  let position = 0;
  while (position < json.length) {
    const byte = json[position] ?? 0;
    position += 1;
    if (byte !== QUOTE) {
      depth += DEPTH_CHANGES[byte] ?? 0;
      continue;
    }
    const nameStart = position;
    const nameEnd = findStringEnd(json, nameStart);
    position = skipSpace(json, nameEnd + 1);
    if (json[position] !== COLON) continue;
    position = skipSpace(json, position + 1);
    const wanted = match(json, nameStart, nameEnd);
    if (wanted === undefined || wanted.atDepth[depth] !== true) continue;
    member.name = wanted.name;
    member.depth = depth;
    position = readValue(member, position);
    if (meet(member)) isNoteworthy = true;
  }
  return isNoteworthy;
}

/** Notes where the value is, and returns where to scan on: behind a string, inside anything else. */
function readValue(member: MetMember, valueStart: number): number {
  member.start = valueStart;
  member.textBytes = null;
  if (member.json[valueStart] !== QUOTE) return valueStart;
  member.start = valueStart + 1;
  const end = findStringEnd(member.json, member.start);
  member.textBytes = end - member.start;
  return end + 1;
}

/** True if the member's value is an object. */
export function isObjectAt({ json, start, textBytes }: MetMember): boolean {
  return textBytes === null && json[start] === OPEN_BRACE;
}

/** True if the member's value is null. */
export function isNullAt({ json, start, textBytes }: MetMember): boolean {
  return textBytes === null && json[start] === LOWER_N;
}

/** True if the member's value is that string, plain ASCII. */
export function isTextAt({ json, start, textBytes }: MetMember, text: string): boolean {
  if (textBytes !== text.length) return false;
  for (let offset = 0; offset < text.length; offset += 1) {
    if (json[start + offset] !== text.charCodeAt(offset)) return false;
  }
  return true;
}

/** The digits at the member's value as a number; 0 where there are none. */
export function integerAt({ json, start }: MetMember): number {
  let value = 0;
  for (let at = start; at < json.length; at += 1) {
    const digit = (json[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}

/** The bytes of the member's object; none if it is something else or does not end. */
export function objectAt({ json, start }: MetMember): Buffer {
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === OPEN_BRACE) depth += 1;
    else if (byte === CLOSE_BRACE) depth -= 1;
    else if (byte === QUOTE) at = findStringEnd(json, at + 1);
    if (depth === 0) return json.subarray(start, byte === CLOSE_BRACE ? at + 1 : start);
  }
  return json.subarray(start, start);
}

interface WantedMember {
  name: string;
  bytes: Buffer;
  atDepth: readonly (true | undefined)[];
}

type NameMatcher = (json: Buffer, start: number, end: number) => WantedMember | undefined;

const NONE: readonly WantedMember[] = [];

function createNameMatcher(depths: Record<string, readonly number[]>): NameMatcher {
  const byLength: WantedMember[][] = [];
  for (const [name, wantedDepths] of Object.entries(depths)) {
    const bytes = Buffer.from(name);
    // Looked up and not searched: many members that are met have a name of these and another depth.
    const atDepth: true[] = [];
    for (const depth of wantedDepths) atDepth[depth] = true;
    byLength[bytes.length] ??= [];
    byLength[bytes.length]?.push({ name, bytes, atDepth });
  }
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

/** The index of the quote that ends the string whose first character is at `start`. */
function findStringEnd(json: Buffer, start: number): number {
  const near = Math.min(start + NEAR_BYTES, json.length);
  let at = start;
  while (at < near) {
    const byte = json[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return findFarStringEnd(json, at);
}

function findFarStringEnd(json: Buffer, start: number): number {
  let quote = json.indexOf(QUOTE, start);
  while (quote !== -1) {
    let escapes = 0;
    while (quote - 1 - escapes >= start && json[quote - 1 - escapes] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return quote;
    quote = json.indexOf(QUOTE, quote + 1);
  }
  return json.length;
}

function skipSpace(json: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const byte = json[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}
