import type { Dialect } from '../dialect.ts';
import { isOpenedByGoogle } from './decode-media.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { dropForeignState } from './drop-foreign-state.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { fieldNames } from './field-names.ts';
import { GOOGLE } from './read-wire.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import { createStreamEncoder } from './stream-encoder.ts';

/** Gemini generateContent, both directions. https://ai.google.dev/api/generate-content */
export const googleGenerateContentDialect: Dialect = {
  id: GOOGLE,
  fieldNames,
  decodeRequest,
  takesUrl: (_type, url) => isOpenedByGoogle(url),
  encodeRequest,
  dropForeignState,
  decodeResponse,
  encodeResponse,
  streamDecoder: createStreamDecoder,
  streamEncoder: createStreamEncoder,
};
