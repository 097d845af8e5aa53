import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pick, pickList, pickText, startFor } from '../ask.ts';

const ASKED = {
  model: 'm',
  stream: true,
  input: [{ role: 'user', content: '[[reply Yes.]] [[tool f {}]]' }],
  tools: [{ type: 'function', name: 'f', parameters: {} }],
  reasoning: { effort: 'high' },
  metadata: { trace: '1' },
};

describe('CFG-9 Responses', () => {
  test('a stream lives through every event of its items, numbered without gaps', async (t) => {
    const simulator = await startFor(t);
    const { events, text } = await ask(simulator, '/v1/responses', ASKED);
    const types = events.map((event) => pickText(event, 'type').replace('response.', ''));
    assert.deepEqual(
      types.filter((type, index) => type !== types[index - 1]),
      [
        ...['created', 'in_progress'],
        ...['output_item.added', 'reasoning_summary_part.added', 'reasoning_summary_text.delta'],
        ...['reasoning_summary_text.done', 'reasoning_summary_part.done', 'output_item.done'],
        ...['output_item.added', 'content_part.added', 'output_text.delta', 'output_text.done'],
        ...['content_part.done', 'output_item.done'],
        ...['output_item.added', 'function_call_arguments.delta', 'function_call_arguments.done'],
        ...['output_item.done', 'completed'],
      ],
    );
    assert.deepEqual(
      events.map((event) => pick(event, 'sequence_number')),
      events.map((_, index) => index),
    );
    assert.ok(!text.includes('[DONE]'));
    const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
    assert.deepEqual(
      names,
      events.map((event) => pick(event, 'type')),
    );
  });

  test('items keep their ids from their first event to the last snapshot', async (t) => {
    const simulator = await startFor(t);
    const { events } = await ask(simulator, '/v1/responses', ASKED);
    const output = pickList(events.at(-1), 'response.output');
    for (const event of events) {
      const id = pick(event, 'item_id') ?? pick(event, 'item.id');
      if (id !== undefined) assert.equal(id, pick(output, `${pick(event, 'output_index')}.id`));
    }
    assert.equal(pick(events[0], 'response.id'), pick(events.at(-1), 'response.id'));
  });

  test('a response repeats what it was asked', async (t) => {
    const simulator = await startFor(t);
    const { body } = await ask(simulator, '/v1/responses', { ...ASKED, stream: false });
    assert.deepEqual(pick(body, 'metadata'), { trace: '1' });
    assert.deepEqual(pick(body, 'reasoning'), { effort: 'high', summary: null });
    assert.deepEqual(pick(body, 'tools'), ASKED.tools);
    assert.equal(pick(body, 'status'), 'completed');
  });

  test('a cut answer is incomplete, and its stream says so', async (t) => {
    const simulator = await startFor(t);
    const asked = { model: 'm', input: 'Tell me.', stream: true, max_output_tokens: 3 };
    const { events } = await ask(simulator, '/v1/responses', asked);
    assert.equal(pick(events.at(-1), 'type'), 'response.incomplete');
    assert.deepEqual(pick(events.at(-1), 'response.incomplete_details'), {
      reason: 'max_output_tokens',
    });
  });

  test('an error before the response exists is an error event', async (t) => {
    const simulator = await startFor(t);
    const input = '[[fault error_in_200]]';
    const { events } = await ask(simulator, '/v1/responses', { model: 'm', input, stream: true });
    assert.deepEqual(events, [
      {
        type: 'error',
        code: 'overloaded',
        message: 'This failure was asked for.',
        param: null,
        sequence_number: 0,
      },
    ]);
  });
});
