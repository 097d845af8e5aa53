import { createJsonArraySplitter } from './json-array-splitter.ts';
import { createPendingBytes } from './pending-bytes.ts';
import type { StreamEvent } from './wire-format.ts';

/** How the events of a stream are told apart on the wire. */
export type Framing = 'sse' | 'json-array';

/** What was left when the bytes ended. */
export interface StreamRest {
  /** Bytes behind the last whole event, to be forwarded if the stream is whole. */
  rest: Buffer;
  /** The event that the rest holds, where only its terminator is missing. */
  event: StreamEvent | null;
  /** False when the bytes end inside an event. */
  whole: boolean;
}

/** Cuts bytes into whole events, wherever the network split them. Joined, the raws are the input. */
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
const EMPTY = Buffer.alloc(0);

/** A terminator of up to four bytes may lie across the seam of two chunks. */
const SEAM_BYTES = 3;

function createSseSplitter(): EventSplitter {
  const pending = createPendingBytes();
  return {
    push(chunk) {
      const seam = pending.last(SEAM_BYTES);
      const window = seam.length === 0 ? chunk : Buffer.concat([seam, chunk]);
      const firstEnd = findSseEnd(window, 0, window.includes(CR));
      if (firstEnd === -1) {
        pending.add(chunk);
        return [];
      }
      const events: StreamEvent[] = [];
      let start = 0;
      let end = firstEnd + pending.length() - seam.length;
      const bytes = pending.take(chunk);
      // Looked for once: a look for each event would read all that is behind it, every time.
      const holdsCr = bytes.includes(CR);
      while (end !== -1) {
        const raw = bytes.subarray(start, end);
        events.push({ raw, data: sseData(raw, holdsCr) });
        start = end;
        end = findSseEnd(bytes, start, holdsCr);
      }
      pending.add(bytes.subarray(start));
      return events;
    },
    end() {
      const rest = pending.take(EMPTY);
      const data = sseData(rest, rest.includes(CR));
      if (data.length === 0) return { rest, event: null, whole: isIgnorable(rest) };
      const whole = isWholePayload(data);
      return { rest, event: whole ? { raw: rest, data } : null, whole };
    },
    pendingBytes: pending.length,
  };
}

/** Index behind the blank line that ends the event, or -1; line ends are LF, CRLF or CR. */
function findSseEnd(bytes: Buffer, from: number, holdsCr: boolean): number {
  if (!holdsCr) return findLfEnd(bytes, from);
  for (let position = from; position < bytes.length; position += 1) {
    const first = lineEndLength(bytes, position);
    if (first === 0) continue;
    const second = lineEndLength(bytes, position + first);
    if (second > 0) return position + first + second;
    position += first - 1;
  }
  return -1;
}

/** The same where all lines end with LF. By one byte: to look for two takes fifteen times as long. */
function findLfEnd(bytes: Buffer, from: number): number {
  let lf = bytes.indexOf(LF, from);
  while (lf !== -1 && bytes[lf + 1] !== LF) lf = bytes.indexOf(LF, lf + 1);
  return lf === -1 ? -1 : lf + 2;
}

/** Length of the line end at that position; 0 for none, or for a CR whose LF may be still to come. */
function lineEndLength(bytes: Buffer, position: number): number {
  if (bytes[position] === LF) return 1;
  if (bytes[position] !== CR) return 0;
  if (bytes[position + 1] === LF) return 2;
  return position + 1 < bytes.length ? 1 : 0;
}

/** The payload of an event: its data lines joined by LF, without the one space behind the colon. */
function sseData(raw: Buffer, holdsCr: boolean): Buffer {
  const lines: Buffer[] = [];
  let position = hasByteOrderMark(raw) ? 3 : 0;
  while (position < raw.length) {
    const end = lineEnd(raw, position, holdsCr);
    if (isDataLine(raw, position)) {
      const start = position + 5 + (raw[position + 5] === 0x20 ? 1 : 0);
      lines.push(raw.subarray(start, end));
    }
    position = end + 1;
  }
  return lines.length < 2 ? (lines[0] ?? EMPTY) : Buffer.from(lines.join('\n'));
}

function hasByteOrderMark(raw: Buffer): boolean {
  return raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf;
}

/** True where `data:` stands. Byte by byte: a view to compare costs more than the whole event. */
function isDataLine(raw: Buffer, at: number): boolean {
  return (
    raw[at] === 0x64 &&
    raw[at + 1] === 0x61 &&
    raw[at + 2] === 0x74 &&
    raw[at + 3] === 0x61 &&
    raw[at + 4] === 0x3a
  );
}

/** Where the line that begins at `from` ends: at its LF or CR, or with the bytes. */
function lineEnd(raw: Buffer, from: number, holdsCr: boolean): number {
  const lf = raw.indexOf(LF, from);
  const limit = lf === -1 ? raw.length : lf;
  if (!holdsCr) return limit;
  const cr = raw.subarray(from, limit).indexOf(CR);
  return cr === -1 ? limit : from + cr;
}

function isIgnorable(rest: Buffer): boolean {
  return rest
    .toString('utf8')
    .split(/[\r\n]+/)
    .every((line) => line === '' || line.startsWith(':'));
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
