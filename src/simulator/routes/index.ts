import type { Operation } from '../../dialects/operation.ts';
import { answerMessage } from './anthropic-messages.ts';
import { answerBatchEmbedContents, answerEmbedContent } from './google-embeddings.ts';
import { answerContent } from './google-generate-content.ts';
import type { Handler } from './handler.ts';
import { answerChat } from './openai-chat.ts';
import { answerCompletion } from './openai-completions.ts';
import { answerEmbeddings } from './openai-embeddings.ts';
import { answerImages } from './openai-images.ts';
import { answerModeration } from './openai-moderations.ts';
import { answerResponse } from './openai-responses.ts';
import { answerSpeech } from './openai-speech.ts';
import { answerTranscription } from './openai-transcriptions.ts';
import { countContentTokens, countMessageTokens, countResponseTokens } from './token-counts.ts';

/** Who serves which operation. */
export const HANDLERS: Record<Operation, Handler> = {
  chat: answerChat,
  responses: answerResponse,
  responses_input_tokens: countResponseTokens,
  completions: answerCompletion,
  embeddings: answerEmbeddings,
  image_generations: answerImages,
  image_edits: answerImages,
  image_variations: answerImages,
  speech: answerSpeech,
  transcriptions: answerTranscription,
  translations: answerTranscription,
  moderations: answerModeration,
  messages: answerMessage,
  messages_count_tokens: countMessageTokens,
  generate_content: answerContent,
  stream_generate_content: answerContent,
  count_tokens: countContentTokens,
  embed_content: answerEmbedContent,
  batch_embed_contents: answerBatchEmbedContents,
};
