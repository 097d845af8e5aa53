import type { DialectId } from '../../src/dialects/dialect.ts';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { type FakeAnswer, sse } from './fake-upstream.ts';

type Answer = (usage: JsonObject) => { whole: JsonObject; events: unknown[] };

const ID = 'answer-1';
const MODEL = 'slug-1';

/** The answer "Hello" of each dialect, whole and in events, with that report of what it used. */
const HELLO: Readonly<Record<DialectId, Answer>> = {
  'openai-chat'(usage) {
    const head = { id: ID, model: MODEL };
    const message = { role: 'assistant', content: 'Hello' };
    const chunk = { ...head, object: 'chat.completion.chunk' };
    return {
      whole: {
        ...head,
        object: 'chat.completion',
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        usage,
      },
      events: [
        { ...chunk, choices: [{ index: 0, delta: message, finish_reason: null }] },
        { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
        { ...chunk, choices: [], usage },
        '[DONE]',
      ],
    };
  },
  'openai-responses'(usage) {
    const open = { id: ID, object: 'response', model: MODEL, status: 'in_progress', output: [] };
    const part = { type: 'output_text', text: 'Hello', annotations: [] };
    const item = { id: 'msg_1', type: 'message', role: 'assistant', content: [part] };
    const whole = { ...open, status: 'completed', output: [item], usage };
    return {
      whole,
      events: [
        { type: 'response.created', sequence_number: 0, response: open },
        { type: 'response.output_item.done', sequence_number: 1, output_index: 0, item },
        { type: 'response.completed', sequence_number: 2, response: whole },
      ],
    };
  },
  'anthropic-messages'(usage) {
    const message = { id: ID, type: 'message', role: 'assistant', model: MODEL };
    const text = { type: 'text', text: 'Hello' };
    const { output_tokens_details: _, ...start } = usage;
    return {
      whole: { ...message, content: [text], stop_reason: 'end_turn', usage },
      events: [
        {
          type: 'message_start',
          message: { ...message, content: [], usage: { ...start, output_tokens: 1 } },
        },
        { type: 'content_block_start', index: 0, content_block: { ...text, text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
        { type: 'message_stop' },
      ],
    };
  },
  'google-generate-content'(usage) {
    const head = { responseId: ID, modelVersion: MODEL };
    const content = { role: 'model', parts: [{ text: 'Hello' }] };
    // Without output the prompt was blocked.
    const isBlocked = usage['candidatesTokenCount'] === undefined;
    const answer = isBlocked
      ? { promptFeedback: { blockReason: 'SAFETY' } }
      : { candidates: [{ index: 0, content, finishReason: 'STOP' }] };
    const whole = { ...head, ...answer, usageMetadata: usage };
    return { whole, events: [whole] };
  },
};

/** That upstream's answer "Hello", which reports that it used so much. */
export function meteredAnswer(
  dialect: DialectId,
  usage: JsonObject,
  { stream }: { stream: boolean },
): FakeAnswer {
  const { whole, events } = HELLO[dialect](usage);
  if (!stream) return { body: JSON.stringify(whole) };
  return { headers: { 'content-type': 'text/event-stream' }, body: sse(...events) };
}
