import { type FileHandle, open } from 'node:fs/promises';
import { listArchives } from './ledger-files.ts';
import { createLineScanner, type LineScanner } from './line-scanner.ts';

const CHUNK_BYTES = 1024 * 1024;
/** For lines that are written meanwhile. */
const SPARE_BYTES = 4096;

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
  /** Where an earlier reading ended; what was read then is not read again. */
  after?: ReadPlace | undefined;
  /** How far the reading is, from time to time. */
  onProgress?: ((readBytes: number, totalBytes: number) => void) | undefined;
}

/** What came of a reading. */
export interface LedgerReading {
  lines: number;
  /** Lines that are no JSON object, such as a torn one in the middle of a file. */
  damaged: number;
  bytes: number;
  /** Where it ended; null where there is no ledger. */
  place: ReadPlace | null;
}

/** How far a ledger was read. Plain, so that it can be written down. */
export interface ReadPlace {
  /** The files, the oldest first. */
  inodes: readonly number[];
  /** Bytes of the last one, in whole lines. */
  offset: number;
  /** What stands before that place, a byte a letter: a file that is written anew may get the inode of an old one. */
  tail: string;
}

/** The ledger is not the one that an earlier reading ended in. */
export class LedgerChangedError extends Error {}

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
  const counts = { lines: 0, damaged: 0 };
  const reader = createLineReader(question.fields, visit, counts);
  let readBytes = 0;
  try {
    const { after } = question;
    const start = after === undefined ? { index: 0, offset: 0 } : await findPlace(parts, after);
    const unread = parts.slice(start.index);
    const totalBytes = unread.reduce((sum, { bytes }) => sum + bytes, -start.offset);
    let { offset } = start;
    for (const part of unread) {
      for await (const bytes of reader.read(part, offset)) {
        readBytes += bytes;
        question.onProgress?.(readBytes, totalBytes);
      }
      offset = 0;
    }
    return { ...counts, bytes: readBytes, place: await placeOf(parts, reader.offset()) };
  } finally {
    await Promise.all(parts.map(({ handle }) => handle.close()));
  }
}

async function placeOf(parts: readonly OpenPart[], offset: number): Promise<ReadPlace | null> {
  const last = parts.at(-1);
  if (last === undefined) return null;
  const inodes = parts.map(({ inode }) => inode);
  return { inodes, offset, tail: await textBefore(last, offset) };
}

async function findPlace(parts: readonly OpenPart[], { inodes, offset, tail }: ReadPlace) {
  const index = inodes.length - 1;
  const part = parts[index];
  const isKnown = inodes.every((inode, place) => parts[place]?.inode === inode);
  if (part !== undefined && isKnown && part.bytes >= offset) {
    if ((await textBefore(part, offset)) === tail) return { index, offset };
  }
  throw new LedgerChangedError('The ledger is not the one that was read before');
}

/** As long as a few lines, with ids that no other line has. */
const TAIL_BYTES = 4096;

async function textBefore({ handle }: OpenPart, offset: number): Promise<string> {
  const start = Math.max(0, offset - TAIL_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(offset - start), 0, null, start);
  return buffer.toString('latin1', 0, bytesRead);
}

interface OpenPart {
  handle: FileHandle;
  inode: number;
  bytes: number;
}

/** Every file that may hold something, opened, so that a rotation meanwhile takes none away. */
async function openParts({ file, sinceMs }: LedgerQuestion): Promise<OpenPart[]> {
  // First the current file: put aside meanwhile, it stands in the list under its old inode.
  const current = await openPart(file);
  const parts: OpenPart[] = [];
  for (const archive of listArchives(file)) {
    if (archive.inode === current?.inode) continue;
    if (sinceMs !== undefined && archive.lastWriteMs < sinceMs - CLOCK_SLACK_MS) continue;
    const part = await openPart(archive.path);
    if (part !== null) parts.push(part);
  }
  return current === null ? parts : [...parts, current];
}

async function openPart(path: string): Promise<OpenPart | null> {
  try {
    const handle = await open(path, 'r');
    const { ino: inode, size: bytes } = await handle.stat();
    return { handle, inode, bytes };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Cuts files into lines and shows those that are whole. */
function createLineReader(
  fields: readonly string[],
  visit: (entry: LedgerEntry) => void,
  counts: { lines: number; damaged: number },
) {
  const scanner = createLineScanner(fields);
  let bytes: Buffer = Buffer.alloc(0);
  let start = 0;
  let end = 0;
  let wholeBytes = 0;
  const entry: LedgerEntry = { ...scanner, line: () => bytes.toString('utf8', start, end) };

  const show = () => {
    // A blank line is nobody's loss.
    if (start === end) return;
    counts.lines += 1;
    if (scanner.scan(bytes, start, end)) visit(entry);
    else counts.damaged += 1;
  };
  return {
    /** Behind the last whole line of the file that was read last. */
    offset: () => wholeBytes,
    /** Yields the number of bytes after each piece that it has read. */
    async *read({ handle, bytes: all }: OpenPart, from: number): AsyncGenerator<number> {
      // Memory that nothing is read into would cost more than a few new lines do.
      let buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, all - from + SPARE_BYTES));
      let held = 0;
      wholeBytes = from;
      for (;;) {
        if (held === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
        const space = buffer.length - held;
        const { bytesRead } = await handle.read(buffer, held, space, wholeBytes + held);
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
        wholeBytes += start;
        buffer.copyWithin(0, start, filled);
        yield bytesRead;
      }
    },
  };
}
