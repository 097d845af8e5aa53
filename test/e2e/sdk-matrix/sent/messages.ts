import { asObject, asObjects, type JsonObject } from '../../../../src/dialects/json-object.ts';
import { describeCall, describeMedia, describeResult, joinTurns, type ReadSent } from './sent.ts';

/** Reads a body of messages. */
export const readSentMessages: ReadSent = (body) => {
  const messages = asObjects(body['messages']);
  const blocks = messages.flatMap((message) => asObjects(message['content']));
  const nameOf = (id: unknown) =>
    blocks.find((block) => block['type'] === 'tool_use' && block['id'] === id)?.['name'];
  const { effort, format } = asObject(body['output_config']);
  return {
    system: wordsOf(body['system'], nameOf).join('\n\n'),
    turns: joinTurns(
      messages.flatMap(({ role, content }) =>
        wordsOf(content, nameOf).map((words) => ({ role: String(role), words })),
      ),
    ),
    tools: asObjects(body['tools']).map(({ name }) => String(name)),
    schema: asObject(format)['schema'],
    thinking: body['thinking'] && { ...asObject(body['thinking']), effort },
    maxTokens: body['max_tokens'],
    stop: body['stop_sequences'],
    n: undefined,
  };
};

type NameOf = (id: unknown) => unknown;

function wordsOf(content: unknown, nameOf: NameOf): string[] {
  if (typeof content === 'string') return [content];
  return asObjects(content).map((block) => describeBlock(block, nameOf));
}

function describeBlock(block: JsonObject, nameOf: NameOf): string {
  switch (block['type']) {
    case 'text':
      return String(block['text']);
    case 'tool_use':
      return describeCall(block['name'], block['input']);
    case 'tool_result': {
      const words = wordsOf(block['content'], nameOf).join(' | ');
      return describeResult(nameOf(block['tool_use_id']), words, block['is_error'] === true);
    }
    default: {
      const { media_type, data } = asObject(block['source']);
      return describeMedia(media_type, data);
    }
  }
}
