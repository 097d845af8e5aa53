import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ReadPlace } from './ledger-reader.ts';
import { createNumberList } from './number-list.ts';
import type { OpenSummary, Summary } from './summary.ts';

const WORD_BYTES = Uint32Array.BYTES_PER_ELEMENT;
const SIZES_BYTES = 2 * WORD_BYTES;

/** How far the ledger was read for an answer. */
export interface ReadSoFar {
  place: ReadPlace;
  lines: number;
  damagedLines: number;
}

/** The answer to one question, and how far the ledger was read for it. */
export interface RecalledSums extends ReadSoFar {
  summary: OpenSummary;
}

/** Sums in an open file, whose numbers are read when they are asked for. */
export interface StoredSums {
  sums: RecalledSums;
  /** After that no numbers are read. */
  close(): void;
}

/**
 * A file's bytes: how long the JSON is and how many numbers there are, the JSON, and the numbers in
 * this machine's order of bytes.
 */
export function packSums(asked: string, reached: ReadSoFar, summary: Summary): Uint8Array {
  const list = createNumberList();
  const json = Buffer.from(JSON.stringify({ asked, ...reached, summary: summary.keep(list.put) }));
  const numbers = list.join();
  const sizes = Uint32Array.of(json.length, numbers.length);
  return Buffer.concat([new Uint8Array(sizes.buffer), json, new Uint8Array(numbers.buffer)]);
}

/** Null where no such file is, or it answers another question. */
export function openSums(path: string, asked: string): StoredSums | null {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const stored = readSums(file);
    if (stored.asked === asked) return { sums: stored, close: closeSync.bind(null, file) };
  } catch {
    // It is missing, or was cut.
  }
  if (file !== undefined) closeSync(file);
  return null;
}

function readSums(file: number): RecalledSums & { asked: string } {
  const [jsonBytes = 0, count = 0] = new Uint32Array(readBytes(file, 0, SIZES_BYTES));
  const start = SIZES_BYTES + jsonBytes;
  if (fstatSync(file).size !== start + count * WORD_BYTES) throw new Error('The file was cut');
  const json = Buffer.from(readBytes(file, SIZES_BYTES, jsonBytes)).toString();
  const { summary, ...rest } = JSON.parse(json);
  const read = (at: number, size: number) =>
    new Uint32Array(readBytes(file, start + at * WORD_BYTES, size * WORD_BYTES));
  return { ...rest, summary: { ...summary, read } };
}

function readBytes(file: number, position: number, length: number): ArrayBuffer {
  const bytes = new ArrayBuffer(length);
  readSync(file, new Uint8Array(bytes), 0, length, position);
  return bytes;
}
