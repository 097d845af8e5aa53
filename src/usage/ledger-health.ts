import type { Logger } from '../core/logger.ts';

/** Whether lines reach the file. */
export interface LedgerState {
  readonly healthy: boolean;
  /** Lines that were lost since the ledger was opened. */
  readonly lost: number;
  /** What went wrong last, also after it healed. */
  readonly lastError: string | undefined;
}

/** Counts losses, and logs the start and the end of a failure but not each line of it. */
export interface LedgerHealth {
  state(): LedgerState;
  fail(error: unknown, lostLines: number): void;
  heal(): void;
}

/** A health that begins good. */
export function createLedgerHealth(file: string, logger: Logger): LedgerHealth {
  let state: LedgerState = { healthy: true, lost: 0, lastError: undefined };
  return {
    state: () => state,
    fail(error, lostLines) {
      const lastError = error instanceof Error ? error.message : String(error);
      const wasHealthy = state.healthy;
      state = { healthy: false, lost: state.lost + lostLines, lastError };
      if (wasHealthy)
        logger.error({ file, error: lastError }, 'The usage ledger cannot be written');
    },
    heal() {
      if (state.healthy) return;
      state = { ...state, healthy: true };
      logger.warn({ file, lost: state.lost }, 'The usage ledger is written again');
    },
  };
}
