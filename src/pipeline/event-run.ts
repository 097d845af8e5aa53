import type { StreamEvent } from '../dialects/wire-format.ts';

/** Puts events together that lie behind each other among the bytes in which they came. */
export interface EventRun {
  add(event: StreamEvent): void;
  /** To be called before anything else goes to the parts, and at the end. */
  close(): void;
}

/** A run that adds to the parts. A hundred events of one chunk pass as one part, without being copied. */
export function createEventRun(parts: Buffer[]): EventRun {
  let bytes: Buffer | null = null;
  let start = 0;
  let end = 0;
  const close = () => {
    if (bytes !== null) {
      const isAll = start === 0 && end === bytes.length;
      parts.push(isAll ? bytes : bytes.subarray(start, end));
    }
    bytes = null;
  };
  return {
    add(event) {
      if (event.bytes !== bytes || event.start !== end) {
        close();
        bytes = event.bytes;
        start = event.start;
      }
      end = event.end;
    },
    close,
  };
}
