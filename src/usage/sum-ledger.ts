import { createCallReader } from './call-reader.ts';
import { createFieldList } from './field-list.ts';
import { createLedgerFilter, type LedgerSelection } from './ledger-filter.ts';
import { LedgerChangedError, type LedgerQuestion, readLedger } from './ledger-reader.ts';
import type { RecalledSums } from './stored-sums.ts';
import { createSummary, type Grouping, type UsageRow, type UsageSums } from './summary.ts';
import type { SumsMemory } from './sums-memory.ts';

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
  /** What the same question was answered before, so that only new lines are read. */
  memory?: SumsMemory | undefined;
}

/** Sums the selected calls of a ledger, over all of its files. */
export async function sumLedger(question: SumQuestion): Promise<LedgerSums> {
  const kept = question.memory?.recall() ?? null;
  try {
    return await sumFrom(question, kept);
  } catch (error) {
    if (!(error instanceof LedgerChangedError)) throw error;
    return await sumFrom(question, null);
  } finally {
    question.memory?.close();
  }
}

async function sumFrom(question: SumQuestion, kept: RecalledSums | null): Promise<LedgerSums> {
  const { file, grouping, memory, selection, onProgress } = question;
  const fields = createFieldList();
  const isSelected = createLedgerFilter(fields, selection);
  const readCall = createCallReader(fields, grouping);
  const summary = createSummary(grouping, kept?.summary);
  const { sinceMs } = selection;
  const reading = await readLedger(
    { file, fields: fields.names, sinceMs, after: kept?.place, onProgress },
    (entry) => {
      if (isSelected(entry)) summary.add(readCall(entry));
    },
  );
  const lines = (kept?.lines ?? 0) + reading.lines;
  const damagedLines = (kept?.damagedLines ?? 0) + reading.damaged;
  const { bytes, place } = reading;
  if (memory !== undefined && place !== null && bytes > WORTH_KEEPING_BYTES) {
    memory.keep({ place, lines, damagedLines }, summary);
  }
  return { grouping, rows: summary.rows(), total: summary.total(), lines, damagedLines };
}

/** What is read again about as fast as it is written down, by code that has just been loaded. */
const WORTH_KEEPING_BYTES = 64 * 1024;
