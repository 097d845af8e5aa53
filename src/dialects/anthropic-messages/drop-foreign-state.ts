import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import { openSignature } from '../reasoning-envelope.ts';
import { tellForeignTools } from './tell-foreign-tools.ts';

/**
 * The members that change when other providers' state is removed from a request that passes through.
 * The API refuses thinking that it did not sign, and manual thinking where a turn with calls has none.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks
 */
export function dropForeignState({ messages, thinking }: JsonObject): JsonObject {
  if (!Array.isArray(messages)) return {};
  const kept = asObjects(messages).flatMap((message) => {
    const { content } = message;
    if (!Array.isArray(content)) return [message];
    const own = tellForeignTools(content.filter((block) => !isForeign(asObject(block))));
    return own.length === 0 && content.length > 0 ? [] : [{ ...message, content: own }];
  });
  const isManual = asObject(thinking)['type'] === 'enabled';
  const isBare = isManual && callsWithoutThinking(kept);
  return { messages: kept, ...(isBare && { thinking: { type: 'disabled' } }) };
}

function isForeign({ type, signature, data }: JsonObject): boolean {
  if (type === 'redacted_thinking') return openSignature(asText(data) ?? '') !== null;
  if (type !== 'thinking') return false;
  const text = asText(signature);
  return text === undefined || openSignature(text) !== null;
}

function callsWithoutThinking(messages: readonly JsonObject[]): boolean {
  const last = messages.findLast(({ role }) => role === 'assistant');
  const types = asObjects(last?.['content']).map(({ type }) => String(type));
  return types.includes('tool_use') && !types.some((type) => type.endsWith('thinking'));
}
