import { spanOf } from '../data-span.ts';
import type { AnswerSource, StreamStep } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { parseEvent } from '../json-object.ts';
import type { EventData } from '../wire-format.ts';
import { createChunkReader } from './chunk-reader.ts';
import { isDone } from './stream-tap.ts';

/**
 * Reads the chunks of a stream. Usage may follow the finish reasons, and some servers send usage with every
 * chunk, so both are reported once, at the end.
 */
export function createChatStreamDecoder(source: AnswerSource): StreamStep<EventData, StreamPart> {
  const reader = createChunkReader(source);
  return {
    push: ({ data }) => (isDone(spanOf(data)) ? reader.end(true) : reader.read(parseEvent(data))),
    end: () => reader.end(false),
  };
}
