import type { Dialect } from '../dialect.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { dropForeignState } from './drop-foreign-state.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { fieldNames } from './field-names.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import { createStreamEncoder } from './stream-encoder.ts';

/** Anthropic Messages, both directions. https://platform.claude.com/docs/en/api/messages */
export const anthropicMessagesDialect: Dialect = {
  id: 'anthropic-messages',
  fieldNames,
  decodeRequest,
  takesUrl: () => true,
  encodeRequest,
  dropForeignState,
  decodeResponse,
  encodeResponse,
  streamDecoder: createStreamDecoder,
  streamEncoder: createStreamEncoder,
};
