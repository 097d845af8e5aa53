import type { EventSplitter } from './stream-events.ts';
import type { StreamEvent } from './wire-format.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENERS = new Set([0x5b, 0x7b]);
const CLOSERS = new Set([0x5d, 0x7d]);

/**
 * Splits Google's stream without `alt=sse`: one JSON array, an element an event. The raw bytes of an
 * event begin behind the element before, so they hold the comma and the white space too.
 */
export function createJsonArraySplitter(): EventSplitter {
  const nesting = createNesting();
  let pending: Buffer = Buffer.alloc(0);
  let scanned = 0;
  let elementStart = 0;

  return {
    push(chunk) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const events: StreamEvent[] = [];
      while (scanned < pending.length) {
        const turn = nesting.push(pending[scanned] ?? 0);
        scanned += 1;
        if (turn === 'element-start') elementStart = scanned - 1;
        if (turn !== 'element-end') continue;
        const raw = pending.subarray(0, scanned);
        events.push({ raw, data: raw.subarray(elementStart) });
        pending = pending.subarray(scanned);
        scanned = 0;
      }
      return events;
    },
    end() {
      const rest = pending;
      pending = Buffer.alloc(0);
      return { rest, event: null, whole: nesting.closed() };
    },
    get pendingBytes() {
      return pending.length;
    },
  };
}

type Turn = 'element-start' | 'element-end' | null;

/** Follows the nesting of an array's bytes, and tells where its elements begin and end. */
function createNesting() {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let opened = false;

  const pushInString = (byte: number): void => {
    if (escaped) escaped = false;
    else if (byte === BACKSLASH) escaped = true;
    else if (byte === QUOTE) inString = false;
  };

  return {
    push(byte: number): Turn {
      if (inString) {
        pushInString(byte);
        return null;
      }
      if (byte === QUOTE) inString = true;
      if (OPENERS.has(byte)) {
        depth += 1;
        opened = true;
        return depth === 2 ? 'element-start' : null;
      }
      if (!CLOSERS.has(byte)) return null;
      depth -= 1;
      return depth === 1 ? 'element-end' : null;
    },
    closed: () => opened && depth === 0,
  };
}
