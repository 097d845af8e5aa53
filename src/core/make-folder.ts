import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder for its owner only, and those above it that are missing, one by one: with `recursive`, Node 20 never
 * returns where a file system refuses by ENOENT, as /proc does.
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, 0o700);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' && dirname(folder) !== folder) {
      makeFolder(dirname(folder));
      mkdirSync(folder, 0o700);
      return;
    }
    const nearest = findNearest(folder);
    if (!nearest.isFolder)
      throw new Error(`${nearest.path} is a file, so nothing can be inside it`);
    if (nearest.path !== folder) throw error;
  }
}

/** The path, or what is there of it. */
function findNearest(path: string): { path: string; isFolder: boolean } {
  try {
    return { path, isFolder: statSync(path).isDirectory() };
  } catch {
    return findNearest(dirname(path));
  }
}
