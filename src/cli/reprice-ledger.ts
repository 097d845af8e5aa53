import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { createLineRepricer, type RepricedCall } from '../catalog/line-repricer.ts';
import { createFieldList } from '../usage/field-list.ts';
import { parseArchiveName } from '../usage/ledger-files.ts';
import { createLedgerFilter, type LedgerSelection } from '../usage/ledger-filter.ts';
import { readLedger } from '../usage/ledger-reader.ts';
import { explainWriteError } from './explain-write-error.ts';
import { createProgress } from './progress.ts';

/** A model's recorded costs and those of today. */
export interface RepriceRow {
  model: string | null;
  requests: number;
  /** Sums of the calls whose cost is known both ways. */
  before: bigint;
  after: bigint;
  /** Calls whose cost was unknown and has a price today, and that cost. */
  newlyPriced: number;
  newNanos: bigint;
  /** Calls that have no price today. */
  unpriced: number;
  /** Calls of endpoints that the config does not have: their recorded cost stands on both sides. */
  gone: number;
}

/** What is priced anew, and where the lines go. */
export interface RepriceQuestion {
  file: string;
  selection: LedgerSelection;
  out: string | undefined;
}

const BATCH_CHARACTERS = 1024 * 1024;

/** Prices the selected calls anew, the dearest model first; throws where `out` exists already. */
export async function repriceLedger(catalog: Catalog, { file, selection, out }: RepriceQuestion) {
  const fields = createFieldList();
  const isSelected = createLedgerFilter(fields, selection);
  const price = createLineRepricer(catalog, fields);
  const rows = new Map<string | null, RepriceRow>();
  const output = out === undefined ? null : createOutput(out, file);
  const progress = createProgress();
  let unwrittenLines = 0;
  try {
    const { damaged: damagedLines } = await readLedger(
      { file, fields: fields.names, sinceMs: selection.sinceMs, onProgress: progress.show },
      (entry) => {
        if (!isSelected(entry)) return;
        const call = price(entry);
        addCall(rowOf(rows, call.model), call);
        if (output === null) return;
        const line = call.rewrite();
        if (line === null) unwrittenLines += 1;
        output.write(line ?? entry.line());
      },
    );
    const sorted = [...rows.values()].sort((a, b) => (a.after < b.after ? 1 : -1));
    return { rows: sorted, damagedLines, unwrittenLines };
  } finally {
    progress.clear();
    output?.close();
  }
}

function rowOf(rows: Map<string | null, RepriceRow>, model: string | null): RepriceRow {
  const known = rows.get(model);
  if (known) return known;
  const counts = { requests: 0, newlyPriced: 0, unpriced: 0, gone: 0 };
  const row: RepriceRow = { model, ...counts, before: 0n, after: 0n, newNanos: 0n };
  rows.set(model, row);
  return row;
}

function addCall(row: RepriceRow, { before, after, isGone }: RepricedCall): void {
  row.requests += 1;
  if (isGone) row.gone += 1;
  if (after === null) row.unpriced += 1;
  else if (before === null) {
    row.newlyPriced += 1;
    row.newNanos += after;
  } else {
    row.before += before;
    row.after += after;
  }
}

/** A new file that is no part of the ledger, for its owner only; throws an Error that says why not. */
function createOutput(file: string, ledger: string) {
  const isPart =
    resolve(file) === resolve(ledger) ||
    (resolve(dirname(file)) === resolve(dirname(ledger)) &&
      parseArchiveName(ledger, basename(file)) !== null);
  if (isPart) throw new Error(`${file} would be a part of the ledger, which is never edited`);
  const descriptor = openNew(file);
  let batch = '';
  const flush = () => {
    const bytes = Buffer.from(batch);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    batch = '';
  };
  return {
    write(line: string) {
      batch += `${line}\n`;
      if (batch.length >= BATCH_CHARACTERS) flush();
    },
    close() {
      flush();
      closeSync(descriptor);
    },
  };
}

function openNew(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'EEXIST') throw new Error(`${file} exists already, and --write goes over no file`);
    throw new Error(explainWriteError(file, error));
  }
}
