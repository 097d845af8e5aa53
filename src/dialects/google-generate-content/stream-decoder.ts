import type { AnswerSource, StreamStep } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { beginsObject } from '../json-object.ts';
import { parseWire } from '../raw-json.ts';
import type { EventData } from '../wire-format.ts';
import { createAnswerReader } from './answer-reader.ts';

/** Reads a stream of answers, each with the next parts and the usage so far. */
export function createStreamDecoder(source: AnswerSource): StreamStep<EventData, StreamPart> {
  const reader = createAnswerReader(source, { isWhole: false });
  return {
    // Like `parseEvent`, but keeps the numbers of tool calls as written.
    push: ({ data }) => (beginsObject(data) ? reader.read(parseWire(data)) : []),
    end: () => reader.end(),
  };
}
