import type { AnswerSource, StreamStep } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { parseEvent } from '../json-object.ts';
import type { EventData } from '../wire-format.ts';
import { createEventReader } from './event-reader.ts';

/** Reads a stream of message events. */
export function createStreamDecoder(source: AnswerSource): StreamStep<EventData, StreamPart> {
  const reader = createEventReader(source);
  return { push: ({ data }) => reader.read(parseEvent(data)), end: () => reader.end() };
}
