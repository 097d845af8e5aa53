import type { WireFormat } from '../wire-format.ts';
import { createGenerateTap } from './stream-tap.ts';
import { generateUsageMembers, readGenerateUsage } from './usage.ts';

/** Gemini generateContent and streamGenerateContent. */
export const googleGenerateContent: WireFormat = {
  id: 'google-generate-content',
  answerMembers: ['candidates', 'promptFeedback'],
  usageMembers: generateUsageMembers,
  readUsage: readGenerateUsage,
  createStreamTap: createGenerateTap,
  hasTerminalMarker: false,
  modelPaths: [['modelVersion']],
};
