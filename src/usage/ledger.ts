import type { LedgerState } from './ledger-health.ts';
import { createLedgerWriter, type LedgerPlace, type LedgerWriter } from './ledger-writer.ts';

/**
 * When a line is safe. `os`: in the kernel when `append` returns, so the death of the process loses
 * nothing. `disk`: on the disk when the promise resolves, so the death of the machine does not
 * either. `relaxed`: in the kernel within a tenth of a second.
 */
export type Durability = 'os' | 'disk' | 'relaxed';

/** The append-only file of usage lines (LED-3). It never throws: no call fails over its ledger. */
export interface Ledger {
  /**
   * Appends one line, or several with newlines between them, in one write; given without the last
   * newline. Returns a promise only where it takes time, as under `disk`.
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
  os: (writer) => ({
    append: (lines, count = 1) => writer.write(`${lines}\n`, count),
    state: writer.state,
    refuses: () => false,
    close: writer.close,
  }),
  disk: (writer) => ({
    append: (lines, count = 1) => writer.writeToDisk(`${lines}\n`, count),
    state: writer.state,
    refuses: () => !writer.isWritable(),
    close: writer.close,
  }),
  relaxed: createBatchedLedger,
};

function createBatchedLedger(writer: LedgerWriter): Ledger {
  let batch = '';
  let lines = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (lines > 0) writer.write(batch, lines);
    batch = '';
    lines = 0;
  }

  process.on('exit', flush);
  return {
    append(text, count = 1) {
      batch += `${text}\n`;
      lines += count;
      if (closed || batch.length >= BATCH_CHARACTERS) flush();
      else timer ??= setTimeout(flush, BATCH_MS).unref();
    },
    state: writer.state,
    refuses: () => false,
    async close() {
      closed = true;
      process.off('exit', flush);
      flush();
      await writer.close();
    },
  };
}
