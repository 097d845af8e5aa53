import { createCallGroup } from './governed-call.ts';
import { createLedgerGroup } from './ledger-line.ts';
import type { PieceGroup } from './piece.ts';
import { createPolicyGroup } from './policies.ts';
import { createRankingGroup } from './ranking.ts';
import { spliceGroups } from './splice-json.ts';
import { streamGroup } from './stream-events.ts';
import { translatedGroup } from './translated-events.ts';

/** Every group of pieces, in the order of the report; close them when done. */
export async function createPieceGroups(): Promise<PieceGroup[]> {
  return [
    ...spliceGroups,
    streamGroup,
    translatedGroup,
    createLedgerGroup(),
    await createCallGroup(),
    await createPolicyGroup(),
    await createRankingGroup(),
  ];
}
