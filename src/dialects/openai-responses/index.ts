import type { WireFormat } from '../wire-format.ts';
import { createResponsesTap } from './stream-tap.ts';
import { readResponsesUsage, responsesUsageMembers } from './usage.ts';

/** OpenAI Responses. */
export const openaiResponses: WireFormat = {
  id: 'openai-responses',
  answerMembers: ['output'],
  usageMembers: responsesUsageMembers,
  readUsage: readResponsesUsage,
  createStreamTap: createResponsesTap,
  hasTerminalMarker: true,
  modelPaths: [['model'], ['response', 'model']],
};
