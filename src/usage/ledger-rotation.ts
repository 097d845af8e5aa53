import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { archiveName, listArchiveNames } from './ledger-files.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** When a ledger file is put aside, and how many stay (LED-4). */
export interface RotationRules {
  /** A file is put aside before it would grow beyond this. */
  maxBytes: number;
  /** `day` = also at midnight, UTC. */
  every: 'day' | 'never';
  /** Files put aside beyond this many are removed, the oldest first. */
  keep: number;
}

/** A file as far as its rotation goes. */
interface RotatedFile {
  bytes(): number;
  /** Milliseconds since the epoch. */
  lastWriteMs(): number;
}

/** Puts the file of one ledger aside when its time has come. Nothing here throws. */
export interface Rotation {
  /**
   * True once the file has been renamed, which is one step: a crash leaves it under one name or the
   * other. Where it cannot be, a warning is logged, the file grows on, and nothing is lost.
   */
  putAsideIfDue(file: RotatedFile, incomingBytes: number): boolean;
}

interface RotationPlace {
  file: string;
  rotation: RotationRules;
  logger: Logger;
  clock: Clock;
}

/** The rotation of the ledger at that path. */
export function createRotation({ file, rotation: rules, logger, clock }: RotationPlace): Rotation {
  let isFailing = false;

  function isDue(open: RotatedFile, incomingBytes: number): boolean {
    const bytes = open.bytes();
    // An empty file is as new as one can be, and a line larger than the limit still needs one.
    if (bytes === 0) return false;
    if (bytes + incomingBytes > rules.maxBytes) return true;
    return rules.every === 'day' && dayOf(open.lastWriteMs()) < dayOf(clock.now());
  }

  function attempt(step: () => void): boolean {
    try {
      step();
      isFailing = false;
      return true;
    } catch (error) {
      const facts = { file, error: error instanceof Error ? error.message : String(error) };
      if (!isFailing) logger.warn(facts, 'The usage ledger cannot be rotated, and grows on');
      isFailing = true;
      return false;
    }
  }

  return {
    putAsideIfDue(open, incomingBytes) {
      if (!isDue(open, incomingBytes)) return false;
      if (!attempt(() => putAside(file, open.lastWriteMs()))) return false;
      attempt(() => removeSurplus(file, rules.keep));
      return true;
    },
  };
}

function putAside(file: string, lastWriteMs: number): void {
  const day = new Date(lastWriteMs).toISOString().slice(0, 10);
  const sameDay = listArchiveNames(file).filter((archive) => archive.day === day);
  const number = Math.max(0, ...sameDay.map((archive) => archive.number)) + 1;
  renameSync(file, archiveName(file, day, number));
}

function removeSurplus(file: string, keep: number): void {
  const archives = listArchiveNames(file);
  for (const { name } of archives.slice(0, Math.max(0, archives.length - keep))) {
    rmSync(join(dirname(file), name), { force: true });
  }
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}
