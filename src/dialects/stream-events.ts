import { dataOf, spanOf } from './data-span.ts';
import { createJsonArraySplitter } from './json-array-splitter.ts';
import { createPendingBytes } from './pending-bytes.ts';
import type { StreamEvent } from './wire-format.ts';

/** How the events of a stream are separated on the wire. */
export type Framing = 'sse' | 'json-array';

/** What remains when the bytes end. */
export interface StreamRest {
  /** Bytes behind the last whole event, to be forwarded if the stream is whole. */
  rest: Buffer;
  /** The event in the rest, if only its terminator is missing. */
  event: StreamEvent | null;
  /** False when the bytes end inside an event. */
  whole: boolean;
}

/** Cuts bytes into whole events, wherever the network split them. Joined, their bytes are the input. */
export interface EventSplitter {
  push(chunk: Buffer): StreamEvent[];
  end(): StreamRest;
  /** Bytes of an event that is not whole yet. */
  pendingBytes(): number;
}

/** A splitter for one stream of that framing. */
export function createEventSplitter(framing: Framing): EventSplitter {
  return framing === 'sse' ? createSseSplitter() : createJsonArraySplitter();
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const EMPTY = Buffer.alloc(0);
const BLANK_LINE = Buffer.from('\n\n');

/** A terminator of up to four bytes may lie across the seam of two chunks. */
const SEAM_BYTES = 3;

function createSseSplitter(): EventSplitter {
  const pending = createPendingBytes();
  /** True if the chunk completes the pending event; only the seam and the chunk are searched. */
  const completes = (chunk: Buffer): boolean => {
    const seam = pending.last(SEAM_BYTES);
    const window = Buffer.concat([seam, chunk]);
    return findBlankLine(window, window.includes(CR));
  };
  return {
    push(chunk) {
      if (pending.length() > 0 && !completes(chunk)) {
        pending.add(chunk);
        return [];
      }
      const bytes = pending.take(chunk);
      const events: StreamEvent[] = [];
      // Searched once: a search for each event would read everything behind it every time.
      const holdsCr = bytes.includes(CR);
      let start = 0;
      for (;;) {
        const event = readEvent(bytes, start, holdsCr);
        if (event === null) break;
        events.push(event);
        start = event.end;
      }
      if (start < bytes.length) pending.add(bytes.subarray(start));
      return events;
    },
    end() {
      const rest = pending.take(EMPTY);
      const closed = Buffer.concat([rest, BLANK_LINE]);
      const span = readEvent(closed, 0, closed.includes(CR));
      const data = span === null ? EMPTY : dataOf(span);
      if (data.length === 0) return { rest, event: null, whole: isIgnorable(rest) };
      const whole = isWholePayload(data);
      const event = { bytes: rest, start: 0, end: rest.length, ...spanOf(data) };
      return { rest, event: whole ? event : null, whole };
    },
    pendingBytes: pending.length,
  };
}

/**
 * The event that begins at `start`, or null if its blank line has not arrived. Its payload is that of its data
 * lines, joined by LF, without the one space behind the colon.
 */
function readEvent(bytes: Buffer, start: number, holdsCr: boolean): StreamEvent | null {
  let line = hasByteOrderMark(bytes, start) ? start + 3 : start;
  let dataStart = start;
  let dataEnd = start;
  let dataLines = 0;
  for (;;) {
    const stop = findLineEnd(bytes, line, holdsCr);
    if (stop === -1) return null;
    if (isDataLine(bytes, line)) {
      dataLines += 1;
      dataStart = payloadStart(bytes, line);
      dataEnd = stop;
    }
    const next = stop + lineEndLength(bytes, stop);
    const blank = lineEndLength(bytes, next);
    if (blank > 0) {
      const end = next + blank;
      if (dataLines < 2) return { bytes, start, end, source: bytes, dataStart, dataEnd };
      return { bytes, start, end, ...spanOf(joinDataLines(bytes.subarray(start, end))) };
    }
    line = next;
  }
}

/** Joins all lines at once: one by one, each line would copy all lines before it. */
function joinDataLines(event: Buffer): Buffer {
  const holdsCr = event.includes(CR);
  const lines: Buffer[] = [];
  let line = hasByteOrderMark(event, 0) ? 3 : 0;
  for (;;) {
    const stop = findLineEnd(event, line, holdsCr);
    if (stop === -1) break;
    if (isDataLine(event, line)) lines.push(event.subarray(payloadStart(event, line), stop));
    line = stop + lineEndLength(event, stop);
  }
  return Buffer.from(lines.join('\n'));
}

/** Behind `data:` and the one space that may follow it. */
function payloadStart(bytes: Buffer, line: number): number {
  return line + (bytes[line + 5] === SPACE ? 6 : 5);
}

/** End of the line that begins at `from`, or -1 if it has not arrived; line ends are LF, CRLF or CR. */
function findLineEnd(bytes: Buffer, from: number, holdsCr: boolean): number {
  if (!holdsCr) return bytes.indexOf(LF, from);
  for (let at = from; at < bytes.length; at += 1) {
    if (lineEndLength(bytes, at) > 0) return at;
  }
  return -1;
}

/** True if two line ends follow each other. */
function findBlankLine(bytes: Buffer, holdsCr: boolean): boolean {
  let line = 0;
  for (;;) {
    const stop = findLineEnd(bytes, line, holdsCr);
    if (stop === -1) return false;
    line = stop + lineEndLength(bytes, stop);
    if (lineEndLength(bytes, line) > 0) return true;
  }
}

/** Length of the line end at that position; 0 for none, or for a final CR that an LF may still follow. */
function lineEndLength(bytes: Buffer, position: number): number {
  if (bytes[position] === LF) return 1;
  if (bytes[position] !== CR) return 0;
  if (bytes[position + 1] === LF) return 2;
  return position + 1 < bytes.length ? 1 : 0;
}

function hasByteOrderMark(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}

/** True where `data:` stands. Byte by byte: a view to compare costs more than the whole event. */
function isDataLine(bytes: Buffer, at: number): boolean {
  return (
    bytes[at] === 0x64 &&
    bytes[at + 1] === 0x61 &&
    bytes[at + 2] === 0x74 &&
    bytes[at + 3] === 0x61 &&
    bytes[at + 4] === 0x3a
  );
}

/** Lines that make no event without data, and white space. */
const IGNORABLE = /^(?::|(?:event|id|retry)(?::|$)|\s*$)/;

function isIgnorable(rest: Buffer): boolean {
  return rest
    .toString('utf8')
    .split(/[\r\n]+/)
    .every((line) => IGNORABLE.test(line));
}

function isWholePayload(data: Buffer): boolean {
  const text = data.toString('utf8').trim();
  if (text === '[DONE]') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
