import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import { watch } from 'chokidar';
import { readWhole } from './read-whole.ts';

/** Editors write in several steps; this much silence ends them. */
const SETTLE_MS = 100;

/**
 * Tells of every new text of a file. Its directory is watched, because editors save by rename and
 * mounted config maps swap a link, and a watch on the file itself would follow the old one.
 */
export function watchFile(
  file: string,
  text: string,
  onChange: (text: string) => void,
): { close(): Promise<void> } {
  const path = resolve(file);
  let known = digest(text);
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    // A file that is gone or empty for a moment is being replaced: its return is another event.
    const latest = await readWhole(path).catch(() => '');
    if (latest === '' || digest(latest) === known) return;
    known = digest(latest);
    onChange(latest);
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
  return {
    close() {
      clearTimeout(timer);
      return watcher.close();
    },
  };
}

/** The file itself, and the links that mounted config maps swap; a ledger beside it is none. */
function isRelated(name: string, path: string): boolean {
  return name === basename(path) || name.startsWith('..');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
