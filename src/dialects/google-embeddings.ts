import { readGenerateUsage } from './google-generate-content/usage.ts';
import { createIdleTap } from './stream-reading.ts';
import type { WireFormat } from './wire-format.ts';

/** Gemini embeddings, which report the prompt's tokens or nothing. */
export const googleEmbeddings: WireFormat = {
  id: 'google-embeddings',
  answerMembers: ['embedding', 'embeddings'],
  usageMembers: ['usageMetadata'],
  readUsage: readGenerateUsage,
  createStreamTap: createIdleTap,
  hasTerminalMarker: false,
  modelPaths: [],
};
