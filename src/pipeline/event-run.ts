import type { StreamEvent } from '../dialects/wire-format.ts';

/** Joins events that are adjacent in one chunk, so that they pass without a copy. */
export interface EventRun {
  add(event: StreamEvent): void;
  /** To be called before anything else goes to the parts, and at the end. */
  close(): void;
}

/** A run that adds to the parts: a hundred adjacent events are one part. */
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
