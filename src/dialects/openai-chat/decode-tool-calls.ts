import type { ToolCallBlock } from '../ir/chat-request.ts';
import { asText, isObject, type JsonObject } from '../json-object.ts';
import { sourceText } from '../raw-json.ts';
import { invalidField, requireObject, requireObjects, requireText } from '../read-fields.ts';
import { readThoughtSignature } from './decode-reasoning.ts';

/** The id for a call that has none, made from the index of its turn. */
export function legacyCallId(turn: number): string {
  return `call_legacy_${turn}`;
}

/** The calls of an assistant message; `turn` is the index that the message's turn will have. */
export function decodeToolCalls(message: JsonObject, path: string, turn: number): ToolCallBlock[] {
  const calls = message['tool_calls'] ?? [];
  const decoded = requireObjects(calls, `${path}.tool_calls`).map((call, index) =>
    decodeToolCall(call, `${path}.tool_calls[${index}]`),
  );
  const legacy = message['function_call'];
  return isObject(legacy)
    ? [...decoded, decodeFunctionCall(legacy, `${path}.function_call`, legacyCallId(turn))]
    : decoded;
}

function decodeToolCall(call: JsonObject, path: string): ToolCallBlock {
  const id = requireText(call['id'], `${path}.id`);
  const signature = readThoughtSignature(call);
  if (call['type'] === 'custom') {
    const custom = requireObject(call['custom'], `${path}.custom`);
    return {
      ...toolCall(id, requireText(custom['name'], `${path}.custom.name`), 'custom'),
      arguments: requireText(custom['input'], `${path}.custom.input`),
      signature,
    };
  }
  // Some compatible clients leave out the type.
  if (asText(call['type'] ?? 'function') !== 'function') {
    throw invalidField(`${path}.type`, `unknown type of tool call \`${String(call['type'])}\``);
  }
  const fn = requireObject(call['function'], `${path}.function`);
  return { ...decodeFunctionCall(fn, `${path}.function`, id), signature };
}

function decodeFunctionCall(fn: JsonObject, path: string, id: string): ToolCallBlock {
  return {
    ...toolCall(id, requireText(fn['name'], `${path}.name`), 'function'),
    arguments: readArguments(fn['arguments']),
  };
}

/** Arguments are JSON text; some clients and servers write the object itself. */
export function readArguments(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) ? sourceText(value) : '';
}

function toolCall(id: string, name: string, kind: ToolCallBlock['kind']): ToolCallBlock {
  return {
    type: 'tool_call',
    id,
    name,
    arguments: '',
    kind,
    signature: undefined,
    cache: undefined,
  };
}
