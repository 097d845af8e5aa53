/** Says why a ledger could not be read; anything that is no such reason is thrown again. */
export function reportLedgerError(error: unknown): void {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
