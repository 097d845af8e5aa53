import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { LedgerSelection } from './ledger-filter.ts';
import type { ReadPlace } from './ledger-reader.ts';
import type { Grouping, KeptSummary } from './summary.ts';

/** The answer to one question, and how far the ledger was read for it. */
export interface KeptSums {
  place: ReadPlace;
  lines: number;
  damagedLines: number;
  summary: KeptSummary;
}

/** Remembers the answer to one question beside the ledger; whoever asks again reads only new lines. */
export interface SumsMemory {
  /** Null where nothing usable is there. */
  recall(): KeptSums | null;
  /** A folder that cannot be written is no failure: then nothing is remembered. */
  keep(sums: KeptSums): void;
}

interface SumsQuestion {
  file: string;
  grouping: Grouping;
  selection: LedgerSelection;
  /** In which days and hours begin. */
  timeZone: string;
  nowMs: number;
}

/** Of a form that was written down differently nothing is recalled. */
const FORM = 1;

const MINUTE_MS = 60_000;

/** Questions such as "since today" are not asked again after that. */
const KEPT_MS = 2 * 24 * 60 * MINUTE_MS;

/** The memory of one question; undefined for one that nobody asks twice, such as "the last 12 hours". */
export function createSumsMemory(question: SumsQuestion): SumsMemory | undefined {
  const { file, grouping, selection, timeZone, nowMs } = question;
  const { sinceMs, untilMs, where } = selection;
  if ([sinceMs, untilMs].some((atMs) => atMs !== undefined && atMs % MINUTE_MS !== 0)) {
    return undefined;
  }
  const folder = `${file}.sums`;
  const asked = JSON.stringify([FORM, grouping, timeZone, sinceMs, untilMs, where]);
  const name = `${createHash('sha256').update(asked).digest('hex').slice(0, 16)}.json`;
  const path = join(folder, name);
  return {
    recall() {
      try {
        const { asked: known, ...kept } = JSON.parse(readFileSync(path, 'utf8'));
        return known === asked ? kept : null;
      } catch {
        return null;
      }
    },
    keep(sums) {
      const draft = `${path}.${process.pid}`;
      if (!makeFolder(folder)) return;
      try {
        writeFileSync(draft, JSON.stringify({ asked, ...sums }), { mode: 0o600 });
        renameSync(draft, path);
        removeOlder(folder, nowMs - KEPT_MS);
      } catch {
        rmSync(draft, { force: true });
      }
    },
  };
}

function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}

function removeOlder(folder: string, beforeMs: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts !== undefined && facts.mtimeMs < beforeMs) rmSync(path, { force: true });
  }
}
