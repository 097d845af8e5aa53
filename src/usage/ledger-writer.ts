import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { type LedgerFile, openLedgerFile } from './ledger-file.ts';
import { createLedgerHealth, type LedgerState } from './ledger-health.ts';

/** How long a file that was moved away may go unnoticed, and a failed one untried. */
const CHECK_EVERY_MS = 1_000;

/** Where a ledger is, and what it reports to. */
export interface LedgerPlace {
  file: string;
  logger: Logger;
  clock: Clock;
}

/** Gets lines into the file that is at the path, whatever happens to it. Nothing here throws. */
export interface LedgerWriter {
  /** Hands lines to the kernel before it returns. */
  write(lines: string, count: number): void;
  /** Resolves when the line is on the disk, or is counted as lost. */
  writeToDisk(line: string): Promise<void>;
  /** False while the file fails; tries it again by itself, so that no call has to be risked. */
  isWritable(): boolean;
  state(): LedgerState;
  close(): Promise<void>;
}

/** A writer whose file is open, or is logged as failed and tried again with each line. */
export function createLedgerWriter({ file, logger, clock }: LedgerPlace): LedgerWriter {
  const health = createLedgerHealth(file, logger);
  let current: LedgerFile | null = null;
  let checkedAt = clock.monotonicMs();

  function isCheckDue(): boolean {
    const now = clock.monotonicMs();
    if (now - checkedAt < CHECK_EVERY_MS) return false;
    checkedAt = now;
    return true;
  }

  async function letGo(failed: LedgerFile | null): Promise<void> {
    if (current === failed) current = null;
    await failed?.close().catch((error: unknown) => health.fail(error, 0));
  }

  function openFile(): LedgerFile {
    if (current !== null && isCheckDue() && !current.isCurrent()) void letGo(current);
    if (current === null) {
      current = openLedgerFile(file);
      warnOfTornLine(current.tornBytes);
    }
    return current;
  }

  function warnOfTornLine(bytes: number): void {
    if (bytes === 0) return;
    const moved = { file, torn_file: `${file}.torn`, bytes };
    logger.warn(moved, 'The last line of the usage ledger was torn and has been moved aside');
  }

  /** Runs an action on the open file; a failure is counted, and the next one opens it afresh. */
  function attempt(action: (open: LedgerFile) => void, lines: number): LedgerFile | null {
    try {
      const open = openFile();
      action(open);
      return open;
    } catch (error) {
      health.fail(error, lines);
      void letGo(current);
      return null;
    }
  }

  attempt(() => {}, 0);
  return {
    write(lines, count) {
      if (attempt((open) => open.write(lines), count) !== null) health.heal();
    },
    async writeToDisk(line) {
      const open = attempt((target) => target.write(line), 1);
      try {
        await open?.sync();
        // A line that fails while this one syncs has let the file go: that is no time to heal.
        if (open !== null && open === current) health.heal();
      } catch (error) {
        health.fail(error, 1);
        void letGo(open);
      }
    },
    isWritable() {
      if (health.state().healthy) return true;
      if (isCheckDue() && attempt((open) => open.probe(), 0) !== null) health.heal();
      return health.state().healthy;
    },
    state: health.state,
    close: () => letGo(current),
  };
}
