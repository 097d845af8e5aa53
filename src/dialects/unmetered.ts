import { createIdleTap } from './stream-reading.ts';
import type { WireFormat } from './wire-format.ts';

/** Answers that are not billed: token counts and moderations. */
export const unmetered: WireFormat = {
  id: 'unmetered',
  answerMembers: [],
  usageMembers: [],
  readUsage: () => null,
  createStreamTap: createIdleTap,
  hasTerminalMarker: false,
  modelPaths: [['model']],
};
