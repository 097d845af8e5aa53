import { readChatUsage } from './openai-chat/usage.ts';
import { createIdleTap } from './stream-reading.ts';
import type { WireFormat } from './wire-format.ts';

/** OpenAI embeddings: the tokens of the prompt, and no output. */
export const openaiEmbeddings: WireFormat = {
  id: 'openai-embeddings',
  answerMembers: ['data'],
  usageMembers: ['usage'],
  readUsage: readChatUsage,
  createStreamTap: createIdleTap,
  hasTerminalMarker: false,
  modelPaths: [['model']],
};
