import { asObject, asObjects, type JsonObject } from '../../../../src/dialects/json-object.ts';
import {
  describeCall,
  describeDataUrl,
  describeResult,
  joinTurns,
  type ReadSent,
  type Said,
} from './sent.ts';

const INSTRUCTS = new Set(['system', 'developer']);

/** Reads a body of chat completions. */
export const readSentChat: ReadSent = (body) => {
  const messages = asObjects(body['messages']);
  const begin = messages.findIndex(({ role }) => !INSTRUCTS.has(String(role)));
  const calls = messages.flatMap((message) => asObjects(message['tool_calls']));
  const nameOf = (id: unknown) =>
    asObject(calls.find((call) => call['id'] === id)?.['function'])['name'];
  return {
    system: messages.slice(0, begin).flatMap(wordsOf).join('\n\n'),
    turns: joinTurns(messages.slice(begin).flatMap((message) => readMessage(message, nameOf))),
    tools: asObjects(body['tools']).map((tool) => String(asObject(tool['function'])['name'])),
    schema: asObject(asObject(body['response_format'])['json_schema'])['schema'],
    thinking: body['reasoning_effort'],
    maxTokens: body['max_completion_tokens'],
    stop: body['stop'],
    n: body['n'],
  };
};

function readMessage(message: JsonObject, nameOf: (id: unknown) => unknown): Said[] {
  const role = String(message['role']);
  const words = wordsOf(message);
  if (role === 'tool') {
    const name = nameOf(message['tool_call_id']);
    return [{ role: 'user', words: describeResult(name, words.join(' | ')) }];
  }
  for (const call of asObjects(message['tool_calls'])) {
    const { name, arguments: args } = asObject(call['function']);
    words.push(describeCall(name, args));
  }
  return words.map((each) => ({ role: INSTRUCTS.has(role) ? 'system' : role, words: each }));
}

function wordsOf({ content }: JsonObject): string[] {
  if (typeof content === 'string') return [content];
  return asObjects(content).map((part) => {
    if (part['type'] === 'text') return String(part['text']);
    const { url, file_data } = asObject(part['image_url'] ?? part['file']);
    return describeDataUrl(url ?? file_data);
  });
}
