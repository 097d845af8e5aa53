import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listArchiveNames } from './ledger-files.ts';

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** The last whole lines of a ledger, over all of its files, oldest first; what cannot be read is left out. */
export function readLastLines(file: string, count: number): string[] {
  const archives = listArchiveNames(file).map(({ name }) => join(dirname(file), name));
  let lines: string[] = [];
  for (const path of [file, ...archives.reverse()]) {
    if (lines.length >= count) break;
    lines = [...lastLinesOf(path, count - lines.length), ...lines];
  }
  return lines;
}

function lastLinesOf(path: string, count: number): string[] {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return splitTail(readTail(descriptor, count), count);
  } catch {
    // What is wrong with the file is said by who writes it.
    return [];
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The end of a file, back to where that many lines begin. */
function readTail(descriptor: number, count: number): Buffer {
  const chunks: Buffer[] = [];
  let newlines = 0;
  let end = fstatSync(descriptor).size;
  while (end > 0 && newlines <= count) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const chunk = Buffer.alloc(end - start);
    readSync(descriptor, chunk, 0, chunk.length, start);
    for (const byte of chunk) if (byte === NEWLINE) newlines += 1;
    chunks.unshift(chunk);
    end = start;
  }
  return Buffer.concat(chunks);
}

/** The whole lines among the last ones; the first piece may have lost its beginning. */
function splitTail(tail: Buffer, count: number): string[] {
  const lines = tail.toString('utf8').split('\n');
  // Behind the last newline is nothing, or a line that is still being written.
  lines.pop();
  return lines.slice(-count).filter((line) => line.startsWith('{') && line.endsWith('}'));
}
