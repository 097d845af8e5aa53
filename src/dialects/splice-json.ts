// Reads and replaces members of a JSON text in place, so that every other byte stays as it was sent:
// number spelling, key order, escapes, duplicate keys, white space. A parse and stringify would change
// them (12345678901234567890 becomes …567000) and costs ten times as much on an agent-sized body.
// Structure is checked as it is scanned; the inside of strings and numbers is left to the reader.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Deeper nesting than any real request has; it bounds the stack. */
const MAX_DEPTH = 512;

/**
 * More objects and arrays than any real request or answer holds. An empty one is two bytes here and fifty
 * times that once it is parsed, so that a body within its limit could still fill the memory.
 */
const MAX_CONTAINERS = 1_000_000;

/** More members of one object, or elements of one array, than are worth keeping their places. */
const MAX_PLACES = 100_000;

/** How many objects and arrays the scan under way may still meet; a scan is never interrupted. */
let containersLeft = MAX_CONTAINERS;

/** A text that is not JSON, with the byte position where it stops being so. */
export class JsonScanError extends Error {
  override readonly name = 'JsonScanError';
  readonly position: number;

  constructor(message: string, position: number) {
    super(`${message} at byte ${position}`);
    this.position = position;
  }
}

/** A value's place in the text: `json.subarray(start, end)`. */
export interface Span {
  start: number;
  end: number;
}

/** One `"key": value` of an object. */
export interface Member {
  key: string;
  keyStart: number;
  value: Span;
}

/** An object's members in the order written, duplicates included. */
export interface ScannedObject {
  span: Span;
  members: Member[];
}

/** Scans a whole text that must be one JSON object; throws JsonScanError. */
export function scanJson(json: Buffer): ScannedObject {
  const start = skipSpace(json, 0);
  if (json[start] !== OPEN_BRACE) throw new JsonScanError('Expected a JSON object', start);
  const object = scanObject(json, start);
  const rest = skipSpace(json, object.span.end);
  if (rest !== json.length) throw new JsonScanError('Unexpected text after the object', rest);
  return object;
}

/** Scans the object that opens at `start`; throws JsonScanError. */
export function scanObject(json: Buffer, start: number): ScannedObject {
  const members: Member[] = [];
  containersLeft = MAX_CONTAINERS;
  const end = walkObject(json, start, 0, members);
  return { span: { start, end }, members };
}

/** The elements of the array that opens at `start`; throws JsonScanError. */
export function scanArray(json: Buffer, start: number): Span[] {
  const elements: Span[] = [];
  containersLeft = MAX_CONTAINERS;
  walkArray(json, start, 0, elements);
  return elements;
}

/** The member of that name which JSON.parse would keep: the last one. */
export function findMember(object: ScannedObject, key: string): Member | undefined {
  return object.members.findLast((member) => member.key === key);
}

/** The value of a member, parsed; undefined where the object has no such member. */
export function readMember(json: Buffer, object: ScannedObject, key: string): unknown {
  const member = findMember(object, key);
  return member && parseSpan(json, member.value);
}

/** Parses one value out of a scanned text; throws JsonScanError where it is none. */
export function parseSpan(json: Buffer, span: Span): unknown {
  try {
    return JSON.parse(json.toString('utf8', span.start, span.end));
  } catch {
    throw new JsonScanError('Malformed value', span.start);
  }
}

/** Walks down a path of keys, scanning each object on the way; undefined where the path ends early. */
export function findPath(
  json: Buffer,
  object: ScannedObject,
  path: readonly string[],
): Member | undefined {
  const [key, ...rest] = path;
  const member = key === undefined ? undefined : findMember(object, key);
  if (member === undefined || rest.length === 0) return member;
  if (json[member.value.start] !== OPEN_BRACE) return undefined;
  return findPath(json, scanObject(json, member.value.start), rest);
}

/** Bytes to put in the place of a span; an empty span inserts. */
export interface Splice {
  span: Span;
  text: string;
}

/** Applies splices that do not overlap; returns the text itself if there are none. */
export function applySplices(json: Buffer, splices: readonly Splice[]): Buffer {
  if (splices.length === 0) return json;
  let length = json.length;
  for (const { span, text } of splices) length += Buffer.byteLength(text) - (span.end - span.start);
  // Copied into place once: parts that are joined later are objects of their own.
  const spliced = Buffer.allocUnsafe(length);
  let read = 0;
  let written = 0;
  for (const { span, text } of splices.toSorted((a, b) => a.span.start - b.span.start)) {
    written += json.copy(spliced, written, read, span.start);
    written += spliced.write(text, written);
    read = span.end;
  }
  json.copy(spliced, written, read);
  return spliced;
}

/** Replaces every member of that name, so that no reader can pick another one. */
export function replaceMember(object: ScannedObject, key: string, text: string): Splice[] {
  return object.members
    .filter((member) => member.key === key)
    .map((member) => ({ span: member.value, text }));
}

/** Appends members, given as name and JSON text, behind the last one. */
export function appendMembers(
  object: ScannedObject,
  members: Iterable<readonly [key: string, text: string]>,
): Splice[] {
  const written = Array.from(members, ([key, text]) => `${JSON.stringify(key)}:${text}`);
  if (written.length === 0) return [];
  const last = object.members.at(-1);
  const at = last ? last.value.end : object.span.start + 1;
  return [{ span: { start: at, end: at }, text: `${last ? ',' : ''}${written.join(',')}` }];
}

/** Removes one member and the comma that belongs to it. */
export function removeMember(object: ScannedObject, member: Member): Splice {
  const index = object.members.indexOf(member);
  const next = object.members[index + 1];
  const previous = object.members[index - 1];
  if (next) return { span: { start: member.keyStart, end: next.keyStart }, text: '' };
  return {
    span: { start: previous?.value.end ?? member.keyStart, end: member.value.end },
    text: '',
  };
}

/** Removes every member of that name. */
export function removeMembers(object: ScannedObject, key: string): Splice[] {
  const kept = object.members.filter((member) => member.key !== key);
  if (kept.length === object.members.length) return [];
  return object.members
    .filter((member) => member.key === key)
    .map((member) => removeMember({ ...object, members: [...kept, member].sort(byPlace) }, member));
}

function byPlace(a: Member, b: Member): number {
  return a.keyStart - b.keyStart;
}

function walkObject(json: Buffer, start: number, depth: number, members?: Member[]): number {
  let position = skipSpace(json, start + 1);
  if (json[position] === CLOSE_BRACE) return position + 1;
  for (;;) {
    const keyStart = position;
    if (json[position] !== QUOTE) throw new JsonScanError('Expected a key in quotes', position);
    const keyEnd = skipString(json, position);
    position = skipSpace(json, keyEnd);
    if (json[position] !== COLON) throw new JsonScanError("Expected ':' after a key", position);
    const valueStart = skipSpace(json, position + 1);
    const valueEnd = skipValue(json, valueStart, depth + 1);
    if (members !== undefined) {
      refuseMore(members, keyStart);
      const value = { start: valueStart, end: valueEnd };
      members.push({ key: readKey(json, keyStart, keyEnd), keyStart, value });
    }
    position = skipSpace(json, valueEnd);
    if (json[position] === CLOSE_BRACE) return position + 1;
    if (json[position] !== COMMA) throw new JsonScanError("Expected ',' or '}'", position);
    position = skipSpace(json, position + 1);
  }
}

function walkArray(json: Buffer, start: number, depth: number, elements?: Span[]): number {
  let position = skipSpace(json, start + 1);
  if (json[position] === CLOSE_BRACKET) return position + 1;
  for (;;) {
    const end = skipValue(json, position, depth + 1);
    if (elements !== undefined) {
      refuseMore(elements, position);
      elements.push({ start: position, end });
    }
    position = skipSpace(json, end);
    if (json[position] === CLOSE_BRACKET) return position + 1;
    if (json[position] !== COMMA) throw new JsonScanError("Expected ',' or ']'", position);
    position = skipSpace(json, position + 1);
  }
}

function refuseMore(places: readonly unknown[], position: number): void {
  if (places.length >= MAX_PLACES) throw new JsonScanError('Too many values', position);
}

function skipValue(json: Buffer, start: number, depth: number): number {
  const byte = json[start];
  if (byte === QUOTE) return skipString(json, start);
  if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) return skipScalar(json, start);
  if (depth > MAX_DEPTH) throw new JsonScanError('Nested too deeply', start);
  containersLeft -= 1;
  if (containersLeft < 0) throw new JsonScanError('Too many objects and arrays', start);
  return byte === OPEN_BRACE ? walkObject(json, start, depth) : walkArray(json, start, depth);
}

function skipSpace(json: Buffer, start: number): number {
  let position = start;
  for (;;) {
    const byte = json[position];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return position;
    position += 1;
  }
}

function skipString(json: Buffer, start: number): number {
  let quote = json.indexOf(QUOTE, start + 1);
  while (quote !== -1 && isEscaped(json, quote)) quote = json.indexOf(QUOTE, quote + 1);
  if (quote === -1) throw new JsonScanError('Unterminated string', start);
  return quote + 1;
}

function isEscaped(json: Buffer, quote: number): boolean {
  let backslashes = 0;
  while (json[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function readKey(json: Buffer, start: number, end: number): string {
  const text = json.toString('utf8', start + 1, end - 1);
  if (!text.includes('\\')) return text;
  return String(parseSpan(json, { start, end }));
}

const LITERALS = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')];

function skipScalar(json: Buffer, start: number): number {
  let end = start;
  while (isNumberByte(json[end])) end += 1;
  if (end > start) return end;
  for (const literal of LITERALS) {
    const literalEnd = start + literal.length;
    if (json.subarray(start, literalEnd).equals(literal)) return literalEnd;
  }
  throw new JsonScanError(
    start >= json.length ? 'Unexpected end of the text' : 'Expected a value',
    start,
  );
}

function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  // Digits, then + - . and the exponent's letters.
  if (byte >= 0x30 && byte <= 0x39) return true;
  return byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x45 || byte === 0x65;
}
