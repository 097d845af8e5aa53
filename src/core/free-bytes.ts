import { dropMemory, moveMemory } from './move-memory.ts';
import { createSpareMemory, isWorthKeeping } from './spare-memory.ts';

/** Smaller buffers die in the young generation; freeing one takes 2 µs, which it is not worth. */
export const WORTH_FREEING_BYTES = 16 * 1024;

/** What is kept is a multiple of this long, so that the next body, a little longer, fits as well. */
const STEP_BYTES = 64 * 1024;

const spare = createSpareMemory();

/** Memories that belong to one buffer each, though it is shorter. */
const rounded = new WeakSet<ArrayBufferLike>();

/** A buffer with a memory to itself, for its user to free; what is in it is undefined. */
export function allocateBytes(length: number): Buffer {
  const bytes = Math.ceil(length / STEP_BYTES) * STEP_BYTES;
  if (!isWorthKeeping(bytes)) return Buffer.allocUnsafeSlow(length);
  // A new ArrayBuffer would be filled with zeros first.
  const memory = spare.take(bytes) ?? (Buffer.allocUnsafeSlow(bytes).buffer as ArrayBuffer);
  rounded.add(memory);
  return Buffer.from(memory, 0, length);
}

/**
 * Frees a buffer's memory now instead of at some garbage collection: V8 starts one for each 15 MB or so of
 * such memory, which marks the whole heap (a third of a call with 100 KB, half of one with 1 MB), and what
 * is allocated meanwhile is memory that the system has to hand out page by page. To be called by whoever
 * allocated the buffer, when nothing native reads it any more; whoever holds a view of it sees no bytes
 * from now on. A buffer that is a part of a larger memory, or short, stays as it is.
 */
export function freeBytes(bytes: Buffer): void {
  if (!isWorthFreeing(bytes)) return;
  const memory = bytes.buffer as ArrayBuffer;
  try {
    if (isWorthKeeping(memory.byteLength)) spare.keep(moveMemory(memory)).forEach(dropMemory);
    else dropMemory(memory);
  } catch {
    // Memory that Node has marked for its own use only is left to the garbage collector.
  }
}

/** True for a buffer that has a memory to itself, and enough of it. */
export function isWorthFreeing({ buffer, byteLength, byteOffset }: Buffer): boolean {
  if (!isLongMemory(buffer)) return false;
  return byteLength === buffer.byteLength || (byteOffset === 0 && rounded.has(buffer));
}

/** True for a memory that somebody may free, if it belongs to one buffer alone. */
export function isLongMemory({ byteLength }: ArrayBufferLike): boolean {
  return byteLength >= WORTH_FREEING_BYTES;
}
