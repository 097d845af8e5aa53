import type { Dialect } from '../dialect.ts';
import { decodeRequest } from './decode-request.ts';
import { dropForeignState } from './drop-foreign-state.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { fieldNames } from './field-names.ts';
import { RESPONSES } from './read-wire.ts';
import { decodeResponse, streamDecoder } from './stream-decoder.ts';
import { streamEncoder } from './stream-encoder.ts';

/** OpenAI Responses, both directions. */
export const openaiResponsesDialect: Dialect = {
  id: RESPONSES,
  fieldNames,
  decodeRequest,
  takesUrl: () => true,
  encodeRequest,
  dropForeignState,
  decodeResponse,
  encodeResponse,
  streamDecoder,
  streamEncoder,
};
