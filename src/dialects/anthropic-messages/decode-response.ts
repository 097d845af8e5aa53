import type { AnswerSource } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { asObjects, type JsonObject } from '../json-object.ts';
import { createEventReader } from './event-reader.ts';

/** Reads a whole message the way its stream would be read. */
export function decodeResponse(message: JsonObject, source: AnswerSource): StreamPart[] {
  const reader = createEventReader(source);
  return [...eventsOf(message).flatMap((event) => reader.read(event)), ...reader.end()];
}

/** The events that a whole message would have been streamed in. */
function eventsOf(message: JsonObject): JsonObject[] {
  if (message['error'] !== undefined && message['error'] !== null) return [message];
  const blocks = asObjects(message['content']).flatMap((content_block) => [
    { type: 'content_block_start', content_block },
    { type: 'content_block_stop' },
  ]);
  return [
    { type: 'message_start', message },
    ...blocks,
    { type: 'message_delta', delta: message },
    { type: 'message_stop' },
  ];
}
