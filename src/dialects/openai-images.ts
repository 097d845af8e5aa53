import type { TokenUsage } from '../core/token-usage.ts';
import { readImageTokens } from './image-tokens.ts';
import { asObject, parseObject } from './json-object.ts';
import { createOpenAiEventTap } from './openai-event-tap.ts';
import { addUnits, createUsageBuilder } from './usage-builder.ts';
import type { StreamReading, WireFormat } from './wire-format.ts';

/** OpenAI images: tokens where the model reports them, else the number of images. */
export const openaiImages: WireFormat = {
  id: 'openai-images',
  usageMembers: ['usage', 'data'],
  readUsage: readImagesUsage,
  createStreamTap: () =>
    createOpenAiEventTap({
      types: ['image_generation.completed', 'image_edit.completed'],
      read: readEnd,
    }),
  // Each of several images has its own completed event.
  hasTerminalMarker: false,
  modelPaths: [],
};

/** Only the length of `data` matters, and only without `usage`: its elements may be anything. */
function readImagesUsage(answer: unknown): TokenUsage | null {
  const { usage: report, data: images } = asObject(answer);
  const usage = readImageTokens(asObject(report));
  if (usage !== null || !Array.isArray(images)) return usage;
  const { usage: counted } = createUsageBuilder();
  addUnits(counted, 'image', images.length);
  return counted;
}

function readEnd(data: Buffer): Partial<StreamReading> {
  const { usage } = parseObject(data);
  return {
    usage: readImagesUsage({ usage, data: [null] }),
    providerUsage: usage,
    terminal: false,
  };
}
