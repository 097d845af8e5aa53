import type { Socket } from 'node:net';
import { isLongMemory } from '../core/free-bytes.ts';
import type { RequestBody } from './join-parts.ts';

/** Knows which bodies a socket may still be reading, so that nobody frees their memory. */
export interface BytesInFlight {
  begin(body: RequestBody): void;
  /** The answer to it came to its end on that socket. */
  end(body: RequestBody, socket: Socket | null | undefined): void;
  /** True if a request with those bytes began which is not known to have been written to its end. */
  has(bytes: Buffer): boolean;
}

/** Nothing was sent yet. Short memories are not looked at: nobody frees them. */
export function createBytesInFlight(): BytesInFlight {
  const memories = new WeakMap<ArrayBufferLike, 'once' | 'for good'>();
  return {
    begin(body) {
      // After a request that did not come to its end, a second one with the same bytes proves nothing.
      for (const memory of longMemories(body)) {
        memories.set(memory, memories.has(memory) ? 'for good' : 'once');
      }
    },
    end(body, socket) {
      if (!hasWrittenAll(socket)) return;
      for (const memory of longMemories(body)) {
        if (memories.get(memory) === 'once') memories.delete(memory);
      }
    },
    has: ({ buffer }) => memories.has(buffer),
  };
}

/** True once the kernel has taken every byte, or TLS has encrypted them. */
function hasWrittenAll(socket: Socket | null | undefined): boolean {
  return socket != null && !socket.destroyed && socket.writableLength === 0;
}

const NONE: readonly ArrayBufferLike[] = [];

function longMemories(body: RequestBody): Iterable<ArrayBufferLike> {
  if (body === null) return NONE;
  if (Buffer.isBuffer(body)) return isLongMemory(body.buffer) ? [body.buffer] : NONE;
  return new Set(body.map(({ buffer }) => buffer).filter(isLongMemory));
}
