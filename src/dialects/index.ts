import { anthropicMessages } from './anthropic-messages/index.ts';
import { googleEmbeddings } from './google-embeddings.ts';
import { googleGenerateContent } from './google-generate-content/index.ts';
import { openaiAudio } from './openai-audio.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiCompletions } from './openai-completions.ts';
import { openaiEmbeddings } from './openai-embeddings.ts';
import { openaiImages } from './openai-images.ts';
import { openaiResponses } from './openai-responses/index.ts';
import type { FormatId } from './operation.ts';
import { unmetered } from './unmetered.ts';
import type { WireFormat } from './wire-format.ts';

/** Every wire format, by the name that operations know it by. */
export const formats = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'openai-completions': openaiCompletions,
  'openai-embeddings': openaiEmbeddings,
  'openai-images': openaiImages,
  'openai-audio': openaiAudio,
  'anthropic-messages': anthropicMessages,
  'google-generate-content': googleGenerateContent,
  'google-embeddings': googleEmbeddings,
  unmetered,
} satisfies Record<FormatId, WireFormat>;
