import type { AnswerSource } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { createAnswerReader } from './answer-reader.ts';

/** Reads a whole answer, as the only piece of a stream. */
export function decodeResponse(answer: JsonObject, source: AnswerSource): StreamPart[] {
  const reader = createAnswerReader(source, { isWhole: true });
  return [...reader.read(answer), ...reader.end()];
}
