import { readFileSync } from 'node:fs';
import { DEFAULT_LEDGER_PATH, readPlainLedgerPath } from '../config/plain-ledger-path.ts';

/** How a command is told which ledger to read. */
export interface LedgerOptions {
  config?: string;
  file?: string;
}

/**
 * The ledger that is meant: the file named, else that of the config, else where ledgers are without
 * a config; throws an Error that says what is missing.
 */
export async function findLedger({ config, file }: LedgerOptions): Promise<string> {
  if (file !== undefined) return file;
  const name = config ?? 'config.yaml';
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT' && config === undefined) return DEFAULT_LEDGER_PATH;
    if (code === 'EISDIR') throw new Error(`${name} is a folder; name the config file in it`);
    throw new Error(`${name} cannot be read (${code}); --file names a ledger without a config`);
  }
  const path = readPlainLedgerPath(text) ?? (await parseLedgerPath(text));
  if (path !== null) return path;
  throw new Error(`${name} does not say where its ledger is; --file names one`);
}

async function parseLedgerPath(text: string): Promise<string | null> {
  const { readLedgerPath } = await import('../config/ledger-path.ts');
  return readLedgerPath(text);
}
