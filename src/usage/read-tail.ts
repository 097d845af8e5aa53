import { open } from 'node:fs/promises';

/** As much of the file's end as is read at once: some 500 lines. */
const MAX_BYTES = 512 * 1024;
const NEWLINE = 0x0a;

/** The last lines of a ledger file, and where to go on from. */
export interface LedgerTail {
  /** JSON texts, the oldest first. */
  lines: string[];
  /** Stands for the end of what was read; opaque. */
  cursor: string;
}

/** Reads the last lines of the current file, or those behind a cursor; a missing file has none. */
export async function readTail(
  file: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<LedgerTail> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return { lines: [], cursor: '' };
  try {
    const { ino, size } = await handle.stat();
    const known = offsetOf(after, ino, size);
    const start = Math.max(known ?? 0, size - MAX_BYTES);
    const bytes = Buffer.alloc(size - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    const end = bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    const isCut = start > 0 && start !== known;
    const first = isCut ? bytes.indexOf(NEWLINE) + 1 : 0;
    const lines = bytes.toString('utf8', first, end).split('\n').filter(isObject);
    return { lines: lines.slice(-limit), cursor: `${ino}-${start + end}` };
  } finally {
    await handle.close();
  }
}

/** Where a cursor points in this file; null for one of another file. */
function offsetOf(cursor: string | null, inode: number, size: number): number | null {
  const [, ino, offset] = /^(\d+)-(\d+)$/.exec(cursor ?? '') ?? [];
  return Number(ino) === inode && Number(offset) <= size ? Number(offset) : null;
}

/** A damaged line must not spoil the others. */
function isObject(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}
