import { readFile, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../core/clock.ts';

const PAUSE_MS = 20;

/** Granularity of timestamps: two writes within one step look like one. */
const STEP_MS = 10;
const MAX_TRIES = 50;

/**
 * The text of a file that is not being written at that moment. A read that overlaps with a write can end
 * where the file ended before, and the first half of a config may be one without its API keys.
 */
export async function readWhole(path: string): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const before = await stat(path, { bigint: true });
    const bytes = await readFile(path);
    const after = await stat(path, { bigint: true });
    const isSame = before.ino === after.ino && before.mtimeNs === after.mtimeNs;
    const sinceMs = systemClock.now() - Number(after.mtimeNs / 1_000_000n);
    const isOver = Math.abs(sinceMs) > STEP_MS;
    const isWhole = isSame && isOver && after.size === BigInt(bytes.length);
    // Pipes have no size; and who writes for a whole second has to write again.
    if (isWhole || !after.isFile() || tries === MAX_TRIES) return bytes.toString('utf8');
    await pause(PAUSE_MS);
  }
}
