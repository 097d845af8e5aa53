import { appendFileSync, fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Makes the file end in a whole line (LED-3): a last line that only lacks its newline gets it, any
 * other rest is moved to the end of `<file>.torn`. Returns how many bytes were moved.
 */
export function repairTail(descriptor: number, file: string): number {
  const { size } = fstatSync(descriptor);
  const rest = readAfterLastNewline(descriptor, size);
  if (rest.length === 0) return 0;
  if (isJsonObject(rest)) {
    writeSync(descriptor, '\n');
    return 0;
  }
  appendFileSync(`${file}.torn`, Buffer.concat([rest, Buffer.of(NEWLINE)]), { mode: 0o600 });
  ftruncateSync(descriptor, size - rest.length);
  return rest.length;
}

function readAfterLastNewline(descriptor: number, size: number): Buffer {
  const chunks: Buffer[] = [];
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const chunk = Buffer.alloc(end - start);
    readSync(descriptor, chunk, 0, chunk.length, start);
    const newline = chunk.lastIndexOf(NEWLINE);
    chunks.unshift(chunk.subarray(newline + 1));
    if (newline !== -1) break;
    end = start;
  }
  return Buffer.concat(chunks);
}

function isJsonObject(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
