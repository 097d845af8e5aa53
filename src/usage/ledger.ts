import { atEndOfTurn } from '../core/end-of-turn.ts';
import type { LedgerState } from './ledger-health.ts';
import { createLedgerWriter, type LedgerPlace, type LedgerWriter } from './ledger-writer.ts';

/**
 * When a line is safe. `os`: in the kernel when the promise resolves, so the death of the process loses
 * nothing that a client has seen the end of. `disk`: on the disk then, so the death of the machine does
 * not either. `relaxed`: in the kernel within a tenth of a second.
 */
export type Durability = 'os' | 'disk' | 'relaxed';

/** The append-only file of usage lines (LED-3). It never throws: no call fails over its ledger. */
export interface Ledger {
  /**
   * Appends one line, or several with newlines between them, in one write; given without the last
   * newline. Returns a promise unless nobody has to wait, as under `relaxed`.
   */
  append(lines: string, count?: number): void | Promise<void>;
  state(): LedgerState;
  /** True while calls must be refused, because `disk` promises what the file does not keep. */
  refuses(): boolean;
  /** Writes what is pending and closes the file; a line that comes later opens it again. */
  close(): Promise<void>;
}

const BATCH_MS = 100;
const BATCH_CHARACTERS = 64 * 1024;

/** Opens the ledger, and repairs what the last process left torn. */
export function openLedger(settings: LedgerPlace & { durability: Durability }): Ledger {
  const writer = createLedgerWriter(settings);
  return MODES[settings.durability](writer);
}

const MODES: Record<Durability, (writer: LedgerWriter) => Ledger> = {
  os: createTurnLedger,
  disk: (writer) => ({
    append: (lines, count = 1) => writer.writeToDisk(`${lines}\n`, count),
    state: writer.state,
    refuses: () => !writer.isWritable(),
    close: writer.close,
  }),
  relaxed: createTimedLedger,
};

/**
 * Writes once for all calls that end in one turn of the event loop: 0.87 of the processor time of a call, with
 * 64 at once.
 */
function createTurnLedger(writer: LedgerWriter): Ledger {
  const batch = openBatch(writer);
  let written: Promise<void> | null = null;
  return {
    append(lines, count = 1) {
      batch.add(lines, count);
      written ??= new Promise((resolve) => {
        atEndOfTurn(() => {
          written = null;
          batch.flush();
          resolve();
        });
      });
      return written;
    },
    state: writer.state,
    refuses: () => false,
    close: batch.close,
  };
}

function createTimedLedger(writer: LedgerWriter): Ledger {
  const batch = openBatch(writer);
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    batch.flush();
  };
  return {
    append(lines, count = 1) {
      batch.add(lines, count);
      if (batch.characters() >= BATCH_CHARACTERS) flush();
      else timer ??= setTimeout(flush, BATCH_MS).unref();
    },
    state: writer.state,
    refuses: () => false,
    close() {
      clearTimeout(timer);
      return batch.close();
    },
  };
}

/** Lines that wait for their write; those that do so when the process ends are written then. */
function openBatch(writer: LedgerWriter) {
  let batch = '';
  let lines = 0;
  let isClosed = false;

  function flush(): void {
    if (lines > 0) writer.write(batch, lines);
    batch = '';
    lines = 0;
  }

  process.on('exit', flush);
  return {
    add(text: string, count: number) {
      batch += `${text}\n`;
      lines += count;
      // What comes later than the end opens the file again, and nothing would write it.
      if (isClosed) flush();
    },
    characters: () => batch.length,
    flush,
    async close() {
      isClosed = true;
      process.off('exit', flush);
      flush();
      await writer.close();
    },
  };
}
