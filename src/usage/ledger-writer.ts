import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { type LedgerFile, openLedgerFile } from './ledger-file.ts';
import { createLedgerHealth, type LedgerState } from './ledger-health.ts';
import { createRotation, type RotationRules } from './ledger-rotation.ts';

/** How long a file that was moved away may go unnoticed, and a failed one untried. */
const CHECK_EVERY_MS = 1_000;

/** Where a ledger is, and what it reports to. */
export interface LedgerPlace {
  file: string;
  rotation: RotationRules;
  logger: Logger;
  clock: Clock;
}

/** Gets lines into the file that is at the path, whatever happens to it. Nothing here throws. */
export interface LedgerWriter {
  /** Hands lines to the kernel before it returns. */
  write(lines: string, count: number): void;
  /** Resolves when the lines are on the disk, or are counted as lost. */
  writeToDisk(lines: string, count: number): Promise<void>;
  /** False while the file fails; tries it again by itself, so that no call has to be risked. */
  isWritable(): boolean;
  state(): LedgerState;
  close(): Promise<void>;
}

/** What is about to be written. */
interface Load {
  bytes: number;
  lines: number;
}

const NO_LOAD: Load = { bytes: 0, lines: 0 };

/** A writer whose file is open, or is logged as failed and tried again with each line. */
export function createLedgerWriter(place: LedgerPlace): LedgerWriter {
  const { file, logger, clock } = place;
  const isCheckDue = createDueCheck(clock);
  const health = createLedgerHealth(file, logger);
  const rotation = createRotation(place);
  let current: LedgerFile | null = null;

  async function letGo(failed: LedgerFile | null): Promise<void> {
    if (current === failed) current = null;
    await failed?.close().catch((error: unknown) => health.fail(error, 0));
  }

  function openFile(incomingBytes: number): LedgerFile {
    if (current !== null && isCheckDue() && !current.isCurrent()) void letGo(current);
    const open = current ?? openAnew();
    if (!rotation.putAsideIfDue(open, incomingBytes)) return open;
    void letGo(open);
    return openAnew();
  }

  function openAnew(): LedgerFile {
    current = openLedgerFile(file, clock);
    warnOfTornLine(place, current.tornBytes);
    return current;
  }

  /** Runs an action on the open file; a failure is counted, and the next one opens it afresh. */
  function attempt(action: (open: LedgerFile) => void, { bytes, lines }: Load): LedgerFile | null {
    try {
      const open = openFile(bytes);
      action(open);
      return open;
    } catch (error) {
      health.fail(error, lines);
      void letGo(current);
      return null;
    }
  }

  attempt(() => {}, NO_LOAD);
  return {
    write(lines, count) {
      const bytes = Buffer.from(lines);
      const load = { bytes: bytes.length, lines: count };
      if (attempt((open) => open.write(bytes), load) !== null) health.heal();
    },
    async writeToDisk(lines, count) {
      const bytes = Buffer.from(lines);
      const load = { bytes: bytes.length, lines: count };
      const open = attempt((target) => target.write(bytes), load);
      try {
        await open?.sync();
        // Another line may have failed meanwhile and dropped this file; then it is not healthy.
        if (open !== null && open === current) health.heal();
      } catch (error) {
        health.fail(error, count);
        void letGo(open);
      }
    },
    isWritable() {
      if (health.state().healthy) return true;
      if (isCheckDue() && attempt((open) => open.probe(), NO_LOAD) !== null) health.heal();
      return health.state().healthy;
    },
    state: health.state,
    close: () => letGo(current),
  };
}

/** True once in a while. */
function createDueCheck(clock: Clock): () => boolean {
  let checkedAt = clock.monotonicMs();
  return () => {
    const now = clock.monotonicMs();
    if (now - checkedAt < CHECK_EVERY_MS) return false;
    checkedAt = now;
    return true;
  };
}

function warnOfTornLine({ file, logger }: LedgerPlace, bytes: number): void {
  if (bytes === 0) return;
  const moved = { file, torn_file: `${file}.torn`, bytes };
  logger.warn(moved, 'The last line of the usage ledger was torn and has been moved aside');
}
