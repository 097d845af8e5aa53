import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import { openSignature } from '../reasoning-envelope.ts';

/**
 * The members that change when reasoning of other providers is removed from a request that passes through.
 * A message with foreign state loses that state, its reasoning text, and Google's signatures of its calls.
 */
export function dropForeignState({ messages }: JsonObject): JsonObject {
  return Array.isArray(messages) ? { messages: asObjects(messages).map(dropFromMessage) } : {};
}

function dropFromMessage(message: JsonObject): JsonObject {
  const details = asObjects(message['reasoning_details']);
  const own = details.filter(({ data }) => openSignature(asText(data) ?? '') === null);
  if (own.length === details.length) return message;
  const {
    reasoning: _reasoning,
    reasoning_content: _content,
    reasoning_details: _details,
    ...rest
  } = message;
  const calls = message['tool_calls'];
  return {
    ...rest,
    ...(own.length > 0 && { reasoning_details: own }),
    ...(Array.isArray(calls) && { tool_calls: calls.map(dropFromCall) }),
  };
}

function dropFromCall(call: unknown): JsonObject {
  const { extra_content: _extra, ...rest } = asObject(call);
  return rest;
}
