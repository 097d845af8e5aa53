/** Bytes of an event that is not whole yet; joined once, however many chunks they came in. */
export interface PendingBytes {
  length(): number;
  add(chunk: Buffer): void;
  /** The last bytes, at most `count` of them. */
  last(count: number): Buffer;
  /** All pending bytes followed by the chunk; nothing is pending afterwards. */
  take(chunk: Buffer): Buffer;
}

const EMPTY = Buffer.alloc(0);

/** Begins with no pending bytes. */
export function createPendingBytes(): PendingBytes {
  let chunks: Buffer[] = [];
  let bytes = 0;
  return {
    length: () => bytes,
    add(chunk) {
      if (chunk.length === 0) return;
      chunks.push(chunk);
      bytes += chunk.length;
    },
    last(count) {
      let tail: Buffer = EMPTY;
      for (let at = chunks.length - 1; at >= 0 && tail.length < count; at -= 1) {
        const chunk = chunks[at] ?? EMPTY;
        const part = chunk.subarray(Math.max(0, chunk.length - count + tail.length));
        tail = tail.length === 0 ? part : Buffer.concat([part, tail]);
      }
      return tail;
    },
    take(chunk) {
      if (bytes === 0) return chunk;
      const all = Buffer.concat([...chunks, chunk]);
      chunks = [];
      bytes = 0;
      return all;
    },
  };
}
