import { answerSuffix } from '../answer-id.ts';
import type { AnswerTarget } from '../dialect.ts';
import type { ChatResponse } from '../ir/chat-response.ts';
import type { JsonObject } from '../json-object.ts';

/** The members that every chunk of a stream repeats; a whole answer has them too. */
export function encodeHead(
  { id, model, createdAt }: Pick<ChatResponse, 'id' | 'model' | 'createdAt'>,
  object: 'chat.completion' | 'chat.completion.chunk',
  { mintId, nowSeconds, request }: AnswerTarget,
): JsonObject {
  return {
    id: `chatcmpl-${answerSuffix(id, mintId)}`,
    object,
    created: createdAt ?? nowSeconds,
    model: model ?? request.model,
  };
}
