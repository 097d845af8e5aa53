import { createCallReader } from './call-reader.ts';
import { createFieldList } from './field-list.ts';
import { createLedgerFilter, type LedgerSelection } from './ledger-filter.ts';
import { type LedgerQuestion, readLedger } from './ledger-reader.ts';
import { createSummary, type Grouping, type UsageRow, type UsageSums } from './summary.ts';

/** The sums of a ledger, and what was met on the way. */
export interface LedgerSums {
  grouping: Grouping;
  rows: UsageRow[];
  total: UsageSums;
  /** Read, selected or not. */
  lines: number;
  damagedLines: number;
}

interface SumQuestion extends Pick<LedgerQuestion, 'file' | 'onProgress'> {
  grouping: Grouping;
  selection: LedgerSelection;
}

/** Sums the selected calls of a ledger, over all of its files. */
export async function sumLedger(question: SumQuestion): Promise<LedgerSums> {
  const { file, grouping, selection, onProgress } = question;
  const fields = createFieldList();
  const isSelected = createLedgerFilter(fields, selection);
  const readCall = createCallReader(fields, grouping);
  const summary = createSummary(grouping);
  const { sinceMs } = selection;
  const { lines, damaged: damagedLines } = await readLedger(
    { file, fields: fields.names, sinceMs, onProgress },
    (entry) => {
      if (isSelected(entry)) summary.add(readCall(entry));
    },
  );
  return { grouping, rows: summary.rows(), total: summary.total(), lines, damagedLines };
}
