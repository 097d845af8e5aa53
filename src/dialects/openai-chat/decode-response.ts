import type { AnswerSource } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { createChunkReader } from './chunk-reader.ts';

/** Reads a whole answer as a stream of one chunk. */
export function decodeChatResponse(body: JsonObject, source: AnswerSource): StreamPart[] {
  const reader = createChunkReader(source);
  return [...reader.read(body), ...reader.end(true)];
}
