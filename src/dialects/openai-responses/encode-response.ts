import type { AnswerTarget } from '../dialect.ts';
import type { ChatResponse } from '../ir/chat-response.ts';
import { unfoldResponse } from '../ir/unfold-response.ts';
import { asObject, type JsonObject } from '../json-object.ts';
import { createAnswerWriter } from './answer-writer.ts';

/** Writes a whole response: the response in the last event of the same answer's stream. */
export function encodeResponse(response: ChatResponse, target: AnswerTarget): JsonObject {
  const writer = createAnswerWriter(target);
  const parts = unfoldResponse(response);
  const events = [...parts.flatMap((part) => writer.push(part)), ...writer.end()];
  return asObject(events.at(-1)?.['response']);
}
