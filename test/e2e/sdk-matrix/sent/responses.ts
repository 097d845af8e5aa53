import { asObject, asObjects, type JsonObject } from '../../../../src/dialects/json-object.ts';
import {
  describeCall,
  describeDataUrl,
  describeResult,
  joinTurns,
  type ReadSent,
  type Said,
} from './sent.ts';

/** Reads a body of responses. */
export const readSentResponses: ReadSent = (body) => {
  const items = asObjects(body['input']);
  const nameOf = (id: unknown) =>
    items.find(({ type, call_id }) => type === 'function_call' && call_id === id)?.['name'];
  return {
    system: String(body['instructions'] ?? ''),
    turns: joinTurns(items.flatMap((item) => readItem(item, nameOf))),
    tools: asObjects(body['tools']).map(({ name }) => String(name)),
    schema: asObject(asObject(body['text'])['format'])['schema'],
    thinking: body['reasoning'],
    maxTokens: body['max_output_tokens'],
    stop: undefined,
    n: undefined,
  };
};

function readItem(item: JsonObject, nameOf: (id: unknown) => unknown): Said[] {
  if (item['type'] === 'function_call') {
    return [{ role: 'assistant', words: describeCall(item['name'], item['arguments']) }];
  }
  if (item['type'] === 'function_call_output') {
    const words = wordsOf(item['output']).join(' | ');
    return [{ role: 'user', words: describeResult(nameOf(item['call_id']), words) }];
  }
  const role = item['role'] === 'developer' ? 'system' : String(item['role']);
  return wordsOf(item['content']).map((words) => ({ role, words }));
}

function wordsOf(content: unknown): string[] {
  if (typeof content === 'string') return [content];
  return asObjects(content).map((part) =>
    part['text'] === undefined
      ? describeDataUrl(part['image_url'] ?? part['file_data'])
      : String(part['text']),
  );
}
