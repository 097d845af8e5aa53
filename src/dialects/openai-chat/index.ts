import type { WireFormat } from '../wire-format.ts';
import { createChatTap } from './stream-tap.ts';
import { chatUsageMembers, readChatUsage } from './usage.ts';

/** OpenAI Chat Completions. */
export const openaiChat: WireFormat = {
  id: 'openai-chat',
  answerMembers: ['choices'],
  usageMembers: chatUsageMembers,
  readUsage: readChatUsage,
  createStreamTap: createChatTap,
  hasTerminalMarker: true,
  modelPaths: [['model']],
};
