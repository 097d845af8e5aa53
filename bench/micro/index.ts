import { createLedgerGroup } from './ledger-line.ts';
import type { PieceGroup } from './piece.ts';
import { spliceGroups } from './splice-json.ts';
import { streamGroup } from './stream-events.ts';

/** Every group of pieces, in the order of the report; close them when done. */
export function createPieceGroups(): PieceGroup[] {
  return [...spliceGroups, streamGroup, createLedgerGroup()];
}
