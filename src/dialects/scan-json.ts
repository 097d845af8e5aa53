// Finds the members of a JSON text and its end, in one pass and without parsing it. Structure is checked on the
// way; the content of strings and numbers is left to the reader.

import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-bytes.ts';
import { keyText } from './key-text.ts';

/** Deeper nesting than any real request has; it bounds the stack. */
const MAX_DEPTH = 512;

/**
 * More objects and arrays than any real request or answer holds. An empty one is two bytes here and fifty times
 * that once parsed, so a body within its size limit could still fill the memory.
 */
const MAX_CONTAINERS = 1_000_000;

/** Members of one object, or elements of one array, whose places are kept at most; more are refused. */
const MAX_PLACES = 100_000;

/** A text that is not JSON, with the byte position of the first error. */
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

/** Receives each string of a text during a scan: its span between the quotes. */
export interface StringWatcher {
  key(start: number, end: number): void;
  value(start: number, end: number): void;
}

/** Scans a whole text that must be one JSON object; throws JsonScanError. */
export function scanJson(json: Buffer, watcher: StringWatcher | null = null): ScannedObject {
  const start = skipSpace(json, 0);
  if (json[start] !== OPEN_BRACE) throw new JsonScanError('Expected a JSON object', start);
  const object = scanObject(json, start, watcher);
  const rest = skipSpace(json, object.span.end);
  if (rest !== json.length) throw new JsonScanError('Unexpected text after the object', rest);
  return object;
}

/** Scans the object that opens at `start`; throws JsonScanError. */
export function scanObject(
  json: Buffer,
  start: number,
  watcher: StringWatcher | null = null,
): ScannedObject {
  const members: Member[] = [];
  const end = walkObject(beginWalk(json, watcher), start, 0, members);
  return { span: { start, end }, members };
}

/** The elements of the array that opens at `start`; throws JsonScanError. */
export function scanArray(json: Buffer, start: number): Span[] {
  const elements: Span[] = [];
  walkArray(beginWalk(json, null), start, 0, elements);
  return elements;
}

/** The member of that name which JSON.parse would keep: the last one. */
export function findMember(object: ScannedObject, key: string): Member | undefined {
  // A loop, because it runs several times in each call and findLast costs five times as much.
  for (let at = object.members.length - 1; at >= 0; at -= 1) {
    const member = object.members[at];
    if (member?.key === key) return member;
  }
  return undefined;
}

/** The parsed value of a member; undefined if the object has no such member. */
export function readMember(json: Buffer, object: ScannedObject, key: string): unknown {
  const member = findMember(object, key);
  return member && parseSpan(json, member.value);
}

/** Parses one value of a scanned text; throws JsonScanError if it is malformed. */
export function parseSpan(json: Buffer, span: Span): unknown {
  try {
    return JSON.parse(json.toString('utf8', span.start, span.end));
  } catch {
    throw new JsonScanError('Malformed value', span.start);
  }
}

/** True if the value at that place is an object. */
export function isObjectAt(json: Buffer, { start }: Span): boolean {
  return json[start] === OPEN_BRACE;
}

/** True if the value at that place is an array. */
export function isArrayAt(json: Buffer, { start }: Span): boolean {
  return json[start] === OPEN_BRACKET;
}

/** True if the value at that place is a string. */
export function isStringAt(json: Buffer, { start }: Span): boolean {
  return json[start] === QUOTE;
}

/** Follows a path of keys, scanning each object on the way; undefined if the path ends early. */
export function findPath(
  json: Buffer,
  object: ScannedObject,
  path: readonly string[],
): Member | undefined {
  const [key, ...rest] = path;
  const member = key === undefined ? undefined : findMember(object, key);
  if (member === undefined || rest.length === 0) return member;
  if (!isObjectAt(json, member.value)) return undefined;
  return findPath(json, scanObject(json, member.value.start), rest);
}

/** State that all steps of a walk share. */
interface Walk {
  json: Buffer;
  watcher: StringWatcher | null;
  /** Objects and arrays that may still follow. */
  containersLeft: number;
}

function beginWalk(json: Buffer, watcher: StringWatcher | null): Walk {
  return { json, watcher, containersLeft: MAX_CONTAINERS };
}

function walkObject(walk: Walk, start: number, depth: number, members?: Member[]): number {
  const { json, watcher } = walk;
  let position = skipSpace(json, start + 1);
  if (json[position] === CLOSE_BRACE) return position + 1;
  for (;;) {
    const keyStart = position;
    if (json[position] !== QUOTE) throw new JsonScanError('Expected a key in quotes', position);
    const keyEnd = skipString(json, position);
    watcher?.key(keyStart + 1, keyEnd - 1);
    position = skipSpace(json, keyEnd);
    if (json[position] !== COLON) throw new JsonScanError("Expected ':' after a key", position);
    const valueStart = skipSpace(json, position + 1);
    const valueEnd = skipValue(walk, valueStart, depth + 1);
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

function walkArray(walk: Walk, start: number, depth: number, elements?: Span[]): number {
  const { json } = walk;
  let position = skipSpace(json, start + 1);
  if (json[position] === CLOSE_BRACKET) return position + 1;
  for (;;) {
    const end = skipValue(walk, position, depth + 1);
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

function skipValue(walk: Walk, start: number, depth: number): number {
  const { json } = walk;
  const byte = json[start];
  if (byte === QUOTE) {
    const end = skipString(json, start);
    walk.watcher?.value(start + 1, end - 1);
    return end;
  }
  if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) return skipScalar(json, start);
  if (depth > MAX_DEPTH) throw new JsonScanError('Nested too deeply', start);
  walk.containersLeft -= 1;
  if (walk.containersLeft < 0) throw new JsonScanError('Too many objects and arrays', start);
  return byte === OPEN_BRACE ? walkObject(walk, start, depth) : walkArray(walk, start, depth);
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
  return keyText(json, start + 1, end - 1) ?? String(parseSpan(json, { start, end }));
}

const LITERALS = ['true', 'false', 'null'];

function skipScalar(json: Buffer, start: number): number {
  let end = start;
  while (isNumberByte(json[end])) end += 1;
  if (end > start) return end;
  for (const literal of LITERALS) {
    if (beginsWith(json, start, literal)) return start + literal.length;
  }
  throw new JsonScanError(
    start >= json.length ? 'Unexpected end of the text' : 'Expected a value',
    start,
  );
}

/** True if that ASCII text stands at `start`. Compares byte by byte: a view of the bytes costs more. */
export function beginsWith(json: Buffer, start: number, ascii: string): boolean {
  for (let at = 0; at < ascii.length; at += 1) {
    if (json[start + at] !== ascii.charCodeAt(at)) return false;
  }
  return true;
}

function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  // Digits, then + - . and the exponent's letters.
  if (byte >= 0x30 && byte <= 0x39) return true;
  return byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x45 || byte === 0x65;
}
