import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Diagnosis, fail, ok, warn } from './diagnosis.ts';

const SUBJECT = 'ledger';

/** As long as a few lines of a ledger. */
const PROBE = Buffer.alloc(16 * 1024, ' ');

/** About a hundred thousand calls. */
const LITTLE_BYTES = 100 * 1024 * 1024;

/**
 * Whether the ledger's disk takes lines and keeps them. A file beside the ledger finds out, since the
 * ledger itself may belong to a proxy that runs.
 */
export async function checkLedger(file: string): Promise<Diagnosis> {
  const folder = nearestFolder(file);
  const found = await stat(file).catch(() => null);
  if (found?.isDirectory()) {
    return fail(SUBJECT, `${file} is a folder`, 'Let `usage.file` name a file in it.');
  }
  try {
    if (found !== null) await access(file, constants.R_OK | constants.W_OK);
    await probe(folder);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const says = `${file} can be written; ${formatBytes(free)} are free`;
    return free < LITTLE_BYTES
      ? warn(SUBJECT, says, 'Make room, or let `usage.rotate.keep` keep fewer files.')
      : ok(SUBJECT, says);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return fail(SUBJECT, `${file} cannot be written: ${REASONS[code] ?? code}`, adviceFor(code));
  }
}

/** The ledger's folder, or the first one above it that is there: the proxy makes what is missing. */
function nearestFolder(file: string): string {
  let folder = dirname(resolve(file));
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

async function probe(folder: string): Promise<void> {
  const path = join(folder, `.signalbox-doctor-${randomUUID()}`);
  const file = await open(path, 'wx', 0o600);
  try {
    let written = 0;
    while (written < PROBE.length) {
      written += (await file.write(PROBE, written)).bytesWritten;
    }
    await file.datasync();
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full (ENOSPC)',
  EDQUOT: 'the disk quota is used up (EDQUOT)',
  EFBIG: 'files may not grow that large (EFBIG)',
  EACCES: 'this user may not (EACCES)',
  EROFS: 'the disk can only be read (EROFS)',
  ENOTDIR: 'a part of its path is no folder (ENOTDIR)',
};

function adviceFor(code: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return 'Make room, or let `usage.file` name a place on another disk.';
  }
  if (code === 'EFBIG') return 'Raise the limit of file sizes (`ulimit -f`).';
  return 'Let this user write there, or let `usage.file` name another place.';
}

function formatBytes(bytes: number): string {
  const megabytes = bytes / 1_000_000;
  return megabytes < 1_000 ? `${megabytes.toFixed(0)} MB` : `${(megabytes / 1_000).toFixed(0)} GB`;
}
