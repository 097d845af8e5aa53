import type { WireFormat } from '../wire-format.ts';
import { createMessagesTap } from './stream-tap.ts';
import { messageUsageMembers, readMessageUsage } from './usage.ts';

/** Anthropic Messages. */
export const anthropicMessages: WireFormat = {
  id: 'anthropic-messages',
  answerMembers: ['content'],
  usageMembers: messageUsageMembers,
  readUsage: readMessageUsage,
  createStreamTap: createMessagesTap,
  hasTerminalMarker: true,
  modelPaths: [['model'], ['message', 'model']],
};
