import { addUsage, createTokenUsage, type TokenUsage } from '../core/token-usage.ts';
import { readImageTokens } from './image-tokens.ts';
import { asObject, parseObject } from './json-object.ts';
import { createOpenAiEventTap } from './openai-event-tap.ts';
import { addUnits } from './usage-builder.ts';
import type { StreamReading, WireFormat } from './wire-format.ts';

/** OpenAI images: their number, and tokens where the model reports them. */
export const openaiImages: WireFormat = {
  id: 'openai-images',
  answerMembers: ['data'],
  usageMembers: ['usage', 'data'],
  readUsage: readImagesUsage,
  createStreamTap() {
    const total = createTokenUsage();
    return createOpenAiEventTap({
      types: ['image_generation.completed', 'image_edit.completed'],
      read: (data) => readCompleted(data, total),
    });
  },
  // Each of several images has its own completed event.
  hasTerminalMarker: false,
  modelPaths: [],
};

/** Only the length of `data` matters: its elements may be anything. */
function readImagesUsage(answer: unknown): TokenUsage | null {
  const { usage: report, data: images } = asObject(answer);
  const tokens = readImageTokens(asObject(report));
  if (!Array.isArray(images)) return tokens;
  const usage = tokens ?? createTokenUsage();
  addUnits(usage, 'image', images.length);
  return usage;
}

/** Each image of a stream has an event and a usage of its own. */
function readCompleted(data: Buffer, total: TokenUsage): Partial<StreamReading> {
  const { usage: report } = parseObject(data);
  const usage = readImagesUsage({ usage: report, data: [null] });
  if (usage !== null) addUsage(total, usage);
  return { usage: total, providerUsage: report, terminal: false };
}
