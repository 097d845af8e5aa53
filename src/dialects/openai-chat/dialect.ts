import type { Dialect } from '../dialect.ts';
import { decodeChatRequest } from './decode-request.ts';
import { decodeChatResponse } from './decode-response.ts';
import { dropForeignState } from './drop-foreign-state.ts';
import { encodeChatRequest } from './encode-request.ts';
import { encodeChatResponse } from './encode-response.ts';
import { fieldNames } from './field-names.ts';
import { createChatStreamDecoder } from './stream-decoder.ts';
import { createChatStreamEncoder } from './stream-encoder.ts';

/** OpenAI Chat Completions, and the many servers that are compatible with it. */
export const openaiChatDialect: Dialect = {
  id: 'openai-chat',
  fieldNames,
  takesUrl: (type) => type === 'image' || type === 'video',
  decodeRequest: decodeChatRequest,
  encodeRequest: encodeChatRequest,
  dropForeignState,
  decodeResponse: decodeChatResponse,
  encodeResponse: encodeChatResponse,
  streamDecoder: createChatStreamDecoder,
  streamEncoder: createChatStreamEncoder,
};
