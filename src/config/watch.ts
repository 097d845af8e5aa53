import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { watch } from 'chokidar';
import { readWhole } from './read-whole.ts';

/** Editors write in several steps; this much silence ends them. */
const SETTLE_MS = 100;

/** No event tells of a folder that is replaced or of a link above it that is swapped. */
const POLL_MS = 2_000;

/** Who follows a file, and what of it is known there. */
interface Follower {
  /** Whether the text is the last one that was read, so that it is no news. */
  isKnown(text: string): boolean;
  onChange(text: string): void;
  /** Told once when the file has been gone or empty for longer than any editor needs. */
  onGone(): void;
}

/**
 * Tells of every new text of a file. Its directory is watched, because editors save by rename and
 * mounted config maps swap a link, and a watch on the file itself would follow the old one.
 */
export function watchFile(
  file: string,
  { isKnown, onChange, onGone }: Follower,
): { close(): Promise<void> } {
  const path = resolve(file);
  let timer: NodeJS.Timeout | undefined;
  let seen: string | null = null;
  let gonePolls = 0;

  const look = async () => {
    // A file that is gone or empty for a moment is being replaced: its return is another event.
    const latest = await readWhole(path).catch(() => '');
    if (latest === '') return;
    gonePolls = 0;
    if (!isKnown(latest)) onChange(latest);
  };
  const watcher = watch(dirname(path), {
    depth: 0,
    ignoreInitial: true,
    ignored: (other) => dirname(other) === dirname(path) && !isRelated(basename(other), path),
  });
  const lookSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), SETTLE_MS);
  };
  watcher.on('all', lookSoon);
  // What changed while the watch was being set up made no event.
  watcher.on('ready', lookSoon);
  const poll = async () => {
    const found = await identify(path);
    if (found !== seen) lookSoon();
    seen = found;
    gonePolls = found === null ? gonePolls + 1 : 0;
    if (gonePolls === 2) onGone();
  };
  const polling = setInterval(() => void poll(), POLL_MS).unref();
  return {
    close() {
      clearTimeout(timer);
      clearInterval(polling);
      return watcher.close();
    },
  };
}

/** The file itself, and the links that mounted config maps swap; a ledger beside it is none. */
function isRelated(name: string, path: string): boolean {
  return name === basename(path) || name.startsWith('..');
}

/** What differs once a path leads to another file or to another state of it; null = to nothing. */
async function identify(path: string): Promise<string | null> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return size === 0 ? null : [await realpath(path), ino, size, mtimeMs].join(' ');
  } catch {
    return null;
  }
}
