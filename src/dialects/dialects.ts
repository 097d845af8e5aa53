import { anthropicMessagesDialect } from './anthropic-messages/dialect.ts';
import type { Dialect, DialectId } from './dialect.ts';
import { googleGenerateContentDialect } from './google-generate-content/dialect.ts';
import { openaiChatDialect } from './openai-chat/dialect.ts';
import { openaiResponsesDialect } from './openai-responses/dialect.ts';

/** Every chat format that can be translated from and to. */
export const dialects = {
  'openai-chat': openaiChatDialect,
  'openai-responses': openaiResponsesDialect,
  'anthropic-messages': anthropicMessagesDialect,
  'google-generate-content': googleGenerateContentDialect,
} satisfies Record<DialectId, Dialect>;
