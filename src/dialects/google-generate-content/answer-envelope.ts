import { answerSuffix } from '../answer-id.ts';
import type { AnswerTarget } from '../dialect.ts';
import type { ChatResponse } from '../ir/chat-response.ts';
import type { JsonObject } from '../json-object.ts';

/** The members that identify the pieces of one answer. */
export function answerEnvelope(
  { id, model }: Pick<ChatResponse, 'id' | 'model'>,
  { request, mintId }: AnswerTarget,
): JsonObject {
  const modelVersion = model ?? request.model;
  return {
    ...(modelVersion !== '' && { modelVersion }),
    responseId: answerSuffix(id, mintId),
  };
}

/** A candidate, or the piece of it that one stream event adds. */
export function encodeCandidate(
  index: number,
  parts: readonly JsonObject[],
  members: JsonObject = {},
): JsonObject {
  return { index, content: { role: 'model', parts }, ...members };
}
