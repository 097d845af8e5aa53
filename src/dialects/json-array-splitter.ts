import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-bytes.ts';
import { createPendingBytes } from './pending-bytes.ts';
import type { EventSplitter } from './stream-events.ts';
import type { StreamEvent } from './wire-format.ts';

const EMPTY = Buffer.alloc(0);
const OPENERS = new Set([OPEN_BRACKET, OPEN_BRACE]);
const CLOSERS = new Set([CLOSE_BRACKET, CLOSE_BRACE]);

/**
 * Splits Google's stream without `alt=sse`: one JSON array, an element an event; one object alone is the
 * only event. The bytes of an event begin behind the element before, so they hold the comma and the
 * white space too.
 */
export function createJsonArraySplitter(): EventSplitter {
  const nesting = createNesting();
  const pending = createPendingBytes();
  /** Start of the element, relative to the first byte behind the previous one. */
  let elementStart = 0;

  return {
    push(chunk) {
      const events: StreamEvent[] = [];
      let start = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const turn = nesting.push(chunk[at] ?? 0);
        if (turn === 'element-start') elementStart = pending.length() + at - start;
        if (turn !== 'element-end') continue;
        const bytes = pending.take(chunk.subarray(start, at + 1));
        const end = bytes.length;
        events.push({ bytes, start: 0, end, source: bytes, dataStart: elementStart, dataEnd: end });
        start = at + 1;
      }
      pending.add(chunk.subarray(start));
      return events;
    },
    end: () => ({ rest: pending.take(EMPTY), event: null, whole: nesting.closed() }),
    pendingBytes: pending.length,
  };
}

type Turn = 'element-start' | 'element-end' | null;

/** Follows the nesting of the bytes, and tells where its elements begin and end. */
function createNesting() {
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** The depth around an element, once the first bracket has told it. */
  let around: number | null = null;

  const pushInString = (byte: number): void => {
    if (escaped) escaped = false;
    else if (byte === BACKSLASH) escaped = true;
    else if (byte === QUOTE) inString = false;
  };

  const open = (byte: number): Turn => {
    depth += 1;
    around ??= byte === OPEN_BRACKET ? 1 : 0;
    return depth === around + 1 ? 'element-start' : null;
  };

  return {
    push(byte: number): Turn {
      if (inString) {
        pushInString(byte);
        return null;
      }
      if (byte === QUOTE) inString = true;
      if (OPENERS.has(byte)) return open(byte);
      if (!CLOSERS.has(byte)) return null;
      depth -= 1;
      return depth === around ? 'element-end' : null;
    },
    closed: () => around !== null && depth === 0,
  };
}
