import { createCallReader } from '../usage/call-reader.ts';
import { createFieldList } from '../usage/field-list.ts';
import { createLedgerFilter, type LedgerSelection } from '../usage/ledger-filter.ts';
import { readLedger } from '../usage/ledger-reader.ts';
import { createSummary, type Grouping, type UsageRow, type UsageSums } from '../usage/summary.ts';
import { createProgress } from './progress.ts';

/** The sums of a ledger, and what was met on the way. */
export interface LedgerSums {
  rows: UsageRow[];
  total: UsageSums;
  /** Read, selected or not. */
  lines: number;
  damagedLines: number;
}

/** Sums the selected calls of a ledger; on a terminal a long reading shows how far it is. */
export async function sumLedger(question: {
  file: string;
  grouping: Grouping;
  selection: LedgerSelection;
}): Promise<LedgerSums> {
  const { file, grouping, selection } = question;
  const fields = createFieldList();
  const isSelected = createLedgerFilter(fields, selection);
  const readCall = createCallReader(fields, grouping);
  const summary = createSummary(grouping);
  const progress = createProgress();
  const { sinceMs } = selection;
  try {
    const reading = await readLedger(
      { file, fields: fields.names, sinceMs, onProgress: progress.show },
      (entry) => {
        if (isSelected(entry)) summary.add(readCall(entry));
      },
    );
    const { lines, damaged: damagedLines } = reading;
    return { rows: summary.rows(), total: summary.total(), lines, damagedLines };
  } finally {
    progress.clear();
  }
}
