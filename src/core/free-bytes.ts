import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** Less goes with the young objects around it, and is not worth the 2 µs that it takes to free it. */
export const WORTH_FREEING_BYTES = 16 * 1024;

/** Takes what is sent to it and drops it: both of its ends are closed. */
let drain: MessagePort | null = null;

/**
 * Frees a buffer's memory now instead of at some garbage collection: V8 starts one for each 15 MB or so of
 * such memory, which marks the whole heap (a third of a call with 100 KB, half of one with 1 MB), and what
 * is allocated meanwhile is memory that the system has to hand out page by page. To be called by whoever
 * allocated the buffer, when nothing native reads it any more; whoever holds a view of it sees no bytes
 * from now on. A buffer that is a part of a larger memory, or short, stays as it is.
 */
export function freeBytes(bytes: Buffer): void {
  if (!isWorthFreeing(bytes)) return;
  drain ??= openDrain();
  try {
    // `ArrayBuffer.transfer` would do the same, from Node 22 on.
    drain.postMessage(null, [bytes.buffer as ArrayBuffer]);
  } catch {
    // Memory that Node has marked for its own use only is left to the garbage collector.
  }
}

/** True for a buffer that has a memory to itself, and enough of it. */
export function isWorthFreeing({ buffer, byteLength }: Buffer): boolean {
  return byteLength === buffer.byteLength && isLongMemory(buffer);
}

/** True for a memory that somebody may free, if it belongs to one buffer alone. */
export function isLongMemory({ byteLength }: ArrayBufferLike): boolean {
  return byteLength >= WORTH_FREEING_BYTES;
}

function openDrain(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.close();
  return port1;
}
