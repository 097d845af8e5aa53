import { type FileHandle, open } from 'node:fs/promises';
import { listArchives } from './ledger-files.ts';
import { createLineScanner, type LineScanner } from './line-scanner.ts';

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** How far a clock may have been set between a line and its file's last write. */
const CLOCK_SLACK_MS = 60 * 60 * 1000;

/** What is read of a ledger. */
export interface LedgerQuestion {
  /** The current file; those put aside stand beside it. */
  file: string;
  /** The members to be looked at. */
  fields: readonly string[];
  /** Files that hold nothing since are skipped whole; lines are for the visitor to judge. */
  sinceMs?: number | undefined;
  /** How far the reading is, from time to time. */
  onProgress?: ((readBytes: number, totalBytes: number) => void) | undefined;
}

/** What came of a reading. */
export interface LedgerReading {
  lines: number;
  /** Lines that are no JSON object, such as a torn one in the middle of a file. */
  damaged: number;
}

/** One line in the scanner, and its own text. */
export interface LedgerEntry extends LineScanner {
  line(): string;
}

/**
 * Visits every line of a ledger, the oldest file first, in memory that does not grow. A last line
 * without its newline is still being written, and is left out. Throws where a file cannot be read.
 */
export async function readLedger(
  question: LedgerQuestion,
  visit: (entry: LedgerEntry) => void,
): Promise<LedgerReading> {
  const parts = await openParts(question);
  const totalBytes = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const reading = { lines: 0, damaged: 0 };
  const reader = createLineReader(question.fields, visit, reading);
  let readBytes = 0;
  try {
    for (const { handle } of parts) {
      for await (const bytes of reader.read(handle)) {
        readBytes += bytes;
        question.onProgress?.(readBytes, totalBytes);
      }
    }
  } finally {
    await Promise.all(parts.map(({ handle }) => handle.close()));
  }
  return reading;
}

interface OpenPart {
  handle: FileHandle;
  bytes: number;
}

/** Every file that may hold something, opened, so that a rotation meanwhile takes none away. */
async function openParts({ file, sinceMs }: LedgerQuestion): Promise<OpenPart[]> {
  // First the current file: put aside meanwhile, it stands in the list under its old inode.
  const current = await openPart(file);
  const inode = current === null ? null : (await current.handle.stat()).ino;
  const parts: OpenPart[] = [];
  for (const archive of listArchives(file)) {
    if (archive.inode === inode) continue;
    if (sinceMs !== undefined && archive.lastWriteMs < sinceMs - CLOCK_SLACK_MS) continue;
    const part = await openPart(archive.path);
    if (part !== null) parts.push(part);
  }
  return current === null ? parts : [...parts, current];
}

async function openPart(path: string): Promise<OpenPart | null> {
  try {
    const handle = await open(path, 'r');
    return { handle, bytes: (await handle.stat()).size };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Cuts files into lines and shows those that are whole. */
function createLineReader(
  fields: readonly string[],
  visit: (entry: LedgerEntry) => void,
  reading: LedgerReading,
) {
  const scanner = createLineScanner(fields);
  let bytes: Buffer = Buffer.alloc(0);
  let start = 0;
  let end = 0;
  const entry: LedgerEntry = { ...scanner, line: () => bytes.toString('utf8', start, end) };

  const show = () => {
    // A blank line is nobody's loss.
    if (start === end) return;
    reading.lines += 1;
    if (scanner.scan(bytes, start, end)) visit(entry);
    else reading.damaged += 1;
  };
  return {
    /** Yields the number of bytes after each piece that it has read. */
    async *read(handle: FileHandle): AsyncGenerator<number> {
      let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      let held = 0;
      for (;;) {
        if (held === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
        const { bytesRead } = await handle.read(buffer, held, buffer.length - held);
        if (bytesRead === 0) return;
        bytes = buffer;
        start = 0;
        const filled = held + bytesRead;
        for (end = buffer.indexOf(NEWLINE, held); end !== -1 && end < filled; ) {
          show();
          start = end + 1;
          end = buffer.indexOf(NEWLINE, start);
        }
        held = filled - start;
        buffer.copyWithin(0, start, filled);
        yield bytesRead;
      }
    },
  };
}
