import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

const PLACES = 4;

/** One file of the ledger that is full, or of a day that is over. */
export interface ArchivedFile {
  path: string;
  inode: number;
  bytes: number;
  /** Nothing was written to it later, in milliseconds since the epoch. */
  lastWriteMs: number;
}

/** What an archive's name tells of its age. */
interface ArchiveAge {
  /** Such as `2026-11-28`. */
  day: string;
  number: number;
}

/** Orders archives by age, the oldest first. */
function compareArchives(a: ArchiveAge, b: ArchiveAge): number {
  if (a.day === b.day) return a.number - b.number;
  return a.day < b.day ? -1 : 1;
}

/**
 * The name that a ledger file is put aside under: `usage.jsonl` becomes `usage.2026-11-28.0001.jsonl`,
 * by the UTC day of its last write and the next number of that day.
 */
export function archiveName(file: string, day: string, number: number): string {
  const { stem, extension } = nameParts(file);
  return join(dirname(file), `${stem}.${day}.${String(number).padStart(PLACES, '0')}${extension}`);
}

/** The day and number in an archive's name; null for any other file. */
export function parseArchiveName(file: string, name: string): ArchiveAge | null {
  const { stem, extension } = nameParts(file);
  if (!name.startsWith(`${stem}.`) || !name.endsWith(extension)) return null;
  const middle = name.slice(stem.length + 1, name.length - extension.length);
  const [, day, number] = /^(\d{4}-\d{2}-\d{2})\.(\d{4,})$/.exec(middle) ?? [];
  return day === undefined ? null : { day, number: Number(number) };
}

/** The archives of a ledger by name, oldest first; none where its folder cannot be read. */
export function listArchiveNames(file: string): (ArchiveAge & { name: string })[] {
  let names: string[];
  try {
    names = readdirSync(dirname(file));
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const age = parseArchiveName(file, name);
      return age === null ? [] : { name, ...age };
    })
    .sort(compareArchives);
}

/** The archives of a ledger, oldest first. */
export function listArchives(file: string): ArchivedFile[] {
  return listArchiveNames(file).flatMap(({ name }) => {
    const path = join(dirname(file), name);
    const facts = statSync(path, { throwIfNoEntry: false });
    // One that was removed meanwhile is none.
    if (facts === undefined) return [];
    return { path, inode: facts.ino, bytes: facts.size, lastWriteMs: facts.mtimeMs };
  });
}

function nameParts(file: string): { stem: string; extension: string } {
  const extension = extname(file);
  return { stem: basename(file, extension), extension };
}
