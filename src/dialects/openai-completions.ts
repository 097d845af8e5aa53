import { createChatTap } from './openai-chat/stream-tap.ts';
import { chatUsageMembers, readChatUsage } from './openai-chat/usage.ts';
import type { WireFormat } from './wire-format.ts';

/** OpenAI's older text completions, which report usage and stream as chat completions do. */
export const openaiCompletions: WireFormat = {
  id: 'openai-completions',
  answerMembers: ['choices'],
  usageMembers: chatUsageMembers,
  readUsage: readChatUsage,
  createStreamTap: createChatTap,
  hasTerminalMarker: true,
  modelPaths: [['model']],
};
