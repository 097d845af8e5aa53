import { type FileHandle, open, stat } from 'node:fs/promises';
import { listArchives } from './ledger-files.ts';
import type { LedgerEntry } from './ledger-reader.ts';
import { createLineScanner } from './line-scanner.ts';

const POLL_MS = 250;
const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** What is watched of a ledger. */
export interface FollowQuestion {
  file: string;
  fields: readonly string[];
  /** Ends the watching. */
  signal: AbortSignal;
  /** Called once when lines that are written from that moment on will be seen. */
  onReady?: () => void;
}

/**
 * Visits every line that is written from its start on, within a second, over rotations; resolves
 * when the signal ends it. A ledger that does not exist yet is waited for.
 */
export async function followLedger(
  { file, fields, signal, onReady }: FollowQuestion,
  visit: (entry: LedgerEntry) => void,
): Promise<void> {
  const show = createLineShower(fields, visit);
  let tail = await openTail(file, 'end');
  onReady?.();
  try {
    while (!signal.aborted) {
      await tail?.drain(show);
      if (await leadsElsewhere(file, tail)) tail = await moveOn(file, tail, show);
      else await pause(signal);
    }
  } finally {
    await tail?.close();
  }
}

async function leadsElsewhere(file: string, tail: Tail | null): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && found.ino !== tail?.inode;
}

/** Finishes the file that was put aside, and those that were since, and opens the current one. */
async function moveOn(file: string, tail: Tail | null, show: ShowLine): Promise<Tail | null> {
  const next = await openTail(file, 'start');
  await tail?.drain(show);
  for (const path of listBetween(file, tail, next)) {
    const archived = await openTail(path, 'start');
    await archived?.drain(show);
    await archived?.close();
  }
  await tail?.close();
  return next;
}

function listBetween(file: string, from: Tail | null, to: Tail | null): string[] {
  const archives = listArchives(file);
  const start = archives.findIndex(({ inode }) => inode === from?.inode);
  const end = archives.findIndex(({ inode }) => inode === to?.inode);
  if (start === -1) return [];
  return archives.slice(start + 1, end === -1 ? undefined : end).map(({ path }) => path);
}

interface Tail {
  inode: number;
  /** Shows the whole lines that were not shown yet. */
  drain(show: ShowLine): Promise<void>;
  close(): Promise<void>;
}

async function openTail(file: string, from: 'start' | 'end'): Promise<Tail | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const { ino, size } = await handle.stat();
  let offset = from === 'end' ? size : 0;
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  return {
    inode: ino,
    async drain(show) {
      // Cut short by hand: what follows is new.
      if ((await handle.stat()).size < offset) offset = 0;
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
        const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
        if (end > 0) showLines(buffer.subarray(0, end), show);
        else if (bytesRead === buffer.length) buffer = Buffer.allocUnsafe(buffer.length * 2);
        else return;
        offset += end;
      }
    },
    close: () => handle.close(),
  };
}

type ShowLine = (bytes: Buffer, start: number, end: number) => void;

function showLines(bytes: Buffer, show: ShowLine): void {
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    show(bytes, start, end);
    start = end + 1;
  }
}

function createLineShower(fields: readonly string[], visit: (entry: LedgerEntry) => void) {
  const scanner = createLineScanner(fields);
  return (bytes: Buffer, start: number, end: number) => {
    if (!scanner.scan(bytes, start, end)) return;
    visit({ ...scanner, line: () => bytes.toString('utf8', start, end) });
  };
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, POLL_MS);
    signal.addEventListener('abort', end);
  });
}
