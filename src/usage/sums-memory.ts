import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../core/make-folder.ts';
import type { LedgerSelection } from './ledger-filter.ts';
import {
  openSums,
  packSums,
  type ReadSoFar,
  type RecalledSums,
  type StoredSums,
} from './stored-sums.ts';
import { GROUPINGS, type Grouping, type Summary } from './summary.ts';

/** Remembers the answer to one question beside the ledger; whoever asks again reads only new lines. */
export interface SumsMemory {
  /** Null where nothing usable is there. */
  recall(): RecalledSums | null;
  /** A folder that cannot be written is no failure: then nothing is remembered. */
  keep(reached: ReadSoFar, summary: Summary): void;
  /** After that nothing recalled can be read. */
  close(): void;
}

interface SumsQuestion {
  file: string;
  grouping: Grouping;
  selection: LedgerSelection;
  nowMs: number;
}

/** Of a form that was written down differently nothing is recalled. */
const FORM = 2;

const MINUTE_MS = 60_000;

/** Questions such as "since today" are not asked again after that. */
const KEPT_MS = 2 * 24 * 60 * MINUTE_MS;

/** Questions whose answers are kept. */
const MOST_KEPT = 50;

/** The memory of one question; undefined for one that nobody asks twice, such as "the last 12 hours". */
export function createSumsMemory(question: SumsQuestion): SumsMemory | undefined {
  const { file, grouping, selection, nowMs } = question;
  const { sinceMs, untilMs, where } = selection;
  if ([sinceMs, untilMs].some((atMs) => atMs !== undefined && atMs % MINUTE_MS !== 0)) {
    return undefined;
  }
  const folder = `${file}.sums`;
  const timeZone = GROUPINGS[grouping] === 'ts' ? localTimeZone() : '';
  const asked = JSON.stringify([FORM, grouping, timeZone, sinceMs, untilMs, where]);
  const path = join(folder, `${shorten(asked)}.sums`);
  let stored: StoredSums | null = null;
  const close = () => {
    stored?.close();
    stored = null;
  };
  return {
    recall() {
      stored = openSums(path, asked);
      return stored?.sums ?? null;
    },
    keep(reached, summary) {
      const draft = `${path}.${process.pid}`;
      if (!hasFolder(folder)) return;
      try {
        writeFileSync(draft, packSums(asked, reached, summary), { mode: 0o600 });
        // Windows replaces no file that is open.
        close();
        renameSync(draft, path);
        removeOlder(folder, nowMs - KEPT_MS);
      } catch {
        rmSync(draft, { force: true });
      }
    },
    close,
  };
}

/** In which days and hours begin. */
function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** FNV-1a: questions that share a name forget each other's answers; a module for more would take longest to load. */
function shorten(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function hasFolder(folder: string): boolean {
  try {
    makeFolder(folder);
    return true;
  } catch {
    return false;
  }
}

/** Also leaves no more than a program that asks something else each time may fill a disk with. */
function removeOlder(folder: string, beforeMs: number): void {
  const files = readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return { path, atMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  files.sort((a, b) => b.atMs - a.atMs);
  for (const [place, { path, atMs }] of files.entries()) {
    if (atMs < beforeMs || place >= MOST_KEPT) rmSync(path, { force: true });
  }
}
