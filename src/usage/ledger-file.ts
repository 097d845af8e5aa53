import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../core/clock.ts';
import { makeFolder } from '../core/make-folder.ts';
import { repairTail } from './repair-tail.ts';

/** As long as a few lines, so that a disk with room for some bytes does not pass for a healed one. */
const PROBE = Buffer.from(`${' '.repeat(4095)}\n`);

/** One open file that grows by whole lines. */
export interface LedgerFile {
  /** How many bytes of a torn last line were moved aside when the file was opened. */
  readonly tornBytes: number;
  /** How large it is. */
  bytes(): number;
  /** When it was last written to, in milliseconds since the epoch. */
  lastWriteMs(): number;
  /** Hands lines to the kernel, all of them or none; throws where the file does not take them. */
  write(lines: Buffer): void;
  /** Resolves when all that was written before is on the disk; calls share one fdatasync. */
  sync(): Promise<void>;
  /** Throws unless the file takes lines and the disk keeps them; leaves none behind. */
  probe(): void;
  /** False once the path leads to another file or to none. */
  isCurrent(): boolean;
  /** Closes the file when the syncs under way have ended. */
  close(): Promise<void>;
}

/** Opens a file for appending, creates it and its folder, repairs its end; throws if it cannot. */
export function openLedgerFile(file: string, clock: Clock): LedgerFile {
  makeFolder(dirname(file));
  const descriptor = openSync(file, 'a+', 0o600);
  const { dev, ino, size } = fstatSync(descriptor);
  if (size === 0) syncFolder(dirname(file));
  const groupSync = createGroupSync(descriptor);
  const tornBytes = repairOrClose(descriptor, file);
  const opened = fstatSync(descriptor);
  let bytes = opened.size;
  let lastWriteMs = bytes === 0 ? clock.now() : opened.mtimeMs;
  return {
    tornBytes,
    bytes: () => bytes,
    lastWriteMs: () => lastWriteMs,
    write(lines) {
      appendWhole(descriptor, lines);
      bytes += lines.length;
      lastWriteMs = clock.now();
    },
    sync: groupSync.sync,
    probe() {
      appendWhole(descriptor, PROBE);
      fdatasyncSync(descriptor);
      cutBack(descriptor, PROBE);
    },
    isCurrent() {
      const found = statSync(file, { throwIfNoEntry: false });
      return found !== undefined && found.ino === ino && found.dev === dev;
    },
    async close() {
      await groupSync.settled();
      closeSync(descriptor);
    },
  };
}

function repairOrClose(descriptor: number, file: string): number {
  try {
    return repairTail(descriptor, file);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** A new file is only as durable as its entry in the folder. */
function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch {
    // Some systems cannot open or sync a folder; there the file system does it by itself.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** A full disk takes the first part of a write and then refuses: that part must not stay. */
function appendWhole(descriptor: number, bytes: Buffer): void {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  } catch (error) {
    cutBack(descriptor, bytes.subarray(0, written));
    throw error;
  }
}

/** Takes the bytes off the end of the file, if they are what it ends in. */
function cutBack(descriptor: number, bytes: Buffer): void {
  if (bytes.length === 0) return;
  const start = fstatSync(descriptor).size - bytes.length;
  const end = Buffer.alloc(bytes.length);
  readSync(descriptor, end, 0, end.length, start);
  if (end.equals(bytes)) ftruncateSync(descriptor, start);
}

const startSync = promisify(fdatasync);

/** Lines written while a sync runs share the next one, however many they are. */
function createGroupSync(descriptor: number) {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  function start(): Promise<void> {
    next = null;
    const started = startSync(descriptor).finally(() => {
      if (running === started) running = null;
    });
    running = started;
    return started;
  }

  return {
    sync(): Promise<void> {
      if (running === null) return start();
      next ??= running.then(start, start);
      return next;
    },
    async settled(): Promise<void> {
      await Promise.allSettled([running, next]);
    },
  };
}
