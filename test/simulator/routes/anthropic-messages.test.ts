import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pick, pickList, pickText, startFor } from '../ask.ts';

const ASKED = {
  model: 'm',
  max_tokens: 1000,
  stream: true,
  messages: [{ role: 'user', content: '[[reply Yes.]] [[tool f {}]]' }],
  thinking: { type: 'enabled', budget_tokens: 1024 },
};

describe('CFG-9 Messages', () => {
  test('a stream follows the order of events, with named events and a ping', async (t) => {
    const simulator = await startFor(t);
    const { events, text } = await ask(simulator, '/v1/messages?beta=true', ASKED);
    const steps = events.map((event) => {
      const type = pickText(event, 'type');
      const detail = pickText(event, 'delta.type') || pickText(event, 'content_block.type');
      return detail === '' ? type : `${type} ${detail}`;
    });
    const block = (type: string, ...deltas: string[]): string[] => [
      `content_block_start ${type}`,
      ...deltas.map((delta) => `content_block_delta ${delta}`),
      'content_block_stop',
    ];
    assert.deepEqual(
      steps.filter((step, index) => step !== steps[index - 1]),
      [
        ...['message_start', 'ping'],
        ...block('thinking', 'thinking_delta', 'signature_delta'),
        ...block('text', 'text_delta'),
        ...block('tool_use', 'input_json_delta'),
        ...['message_delta', 'message_stop'],
      ],
    );
    const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
    assert.deepEqual(
      names,
      events.map((event) => pick(event, 'type')),
    );
    const arguments_ = events.map((event) => pickText(event, 'delta.partial_json')).join('');
    assert.equal(arguments_, '{}');
  });

  test('hidden thinking has a signature, no text, and its tokens', async (t) => {
    const simulator = await startFor(t);
    const thinking = { type: 'adaptive', display: 'omitted' };
    const { body } = await ask(simulator, '/v1/messages', { ...ASKED, thinking, stream: false });
    assert.equal(pick(body, 'content.0.thinking'), '');
    assert.ok(pickText(body, 'content.0.signature').length > 0);
    assert.equal(pick(body, 'usage.output_tokens_details.thinking_tokens'), 18);
    await ask(simulator, '/v1/messages', { ...ASKED, thinking });
    const { tokens } = simulator.bill().byModel['m']?.usage ?? {};
    assert.equal(tokens?.reasoning, 36);
  });

  test('marked prefixes are written once and read after, with input apart', async (t) => {
    const simulator = await startFor(t);
    const mark = { type: 'ephemeral' };
    const asked = {
      model: 'm',
      max_tokens: 10,
      tools: [
        {
          name: 'f',
          input_schema: { description: 'x'.repeat(8000) },
          cache_control: { ...mark, ttl: '1h' },
        },
      ],
      system: [{ type: 'text', text: 'y'.repeat(4000), cache_control: mark }],
      messages: [{ role: 'user', content: 'Hello' }],
    };
    const usageOf = async (): Promise<unknown> =>
      pick((await ask(simulator, '/v1/messages', asked)).body, 'usage');
    const first = await usageOf();
    const second = await usageOf();
    assert.deepEqual(pick(first, 'cache_creation'), {
      ephemeral_5m_input_tokens: 1000,
      ephemeral_1h_input_tokens: 2012,
    });
    assert.equal(pick(first, 'cache_creation_input_tokens'), 3012);
    assert.equal(pick(first, 'cache_read_input_tokens'), 0);
    assert.equal(pick(second, 'cache_creation_input_tokens'), 0);
    assert.equal(pick(second, 'cache_read_input_tokens'), 3012);
    assert.equal(pick(first, 'input_tokens'), 2);
    assert.equal(pick(second, 'input_tokens'), 2);
  });

  test('a stop sequence is named', async (t) => {
    const simulator = await startFor(t);
    const messages = [{ role: 'user', content: '[[reply one two]]' }];
    const asked = { model: 'm', max_tokens: 99, messages, stop_sequences: [' two'] };
    const { body } = await ask(simulator, '/v1/messages', asked);
    assert.equal(pick(body, 'stop_reason'), 'stop_sequence');
    assert.equal(pick(body, 'stop_sequence'), ' two');
  });

  test('a turn with results is answered by quoting them, whatever stands beside', async (t) => {
    const simulator = await startFor(t);
    const content = [
      { type: 'tool_result', tool_use_id: '1', content: [{ type: 'text', text: 'one' }] },
      { type: 'tool_result', tool_use_id: '2', content: 'two' },
      { type: 'text', text: 'Go on with f.' },
    ];
    const { body } = await ask(simulator, '/v1/messages', {
      model: 'm',
      max_tokens: 99,
      tools: [{ name: 'f', input_schema: {} }],
      messages: [{ role: 'user', content }],
    });
    assert.equal(pick(body, 'content.0.text'), 'The tool answered: one\ntwo');
    assert.equal(pickList(body, 'content').length, 1);
  });

  test('max_tokens is required', async (t) => {
    const simulator = await startFor(t);
    const { status } = await ask(simulator, '/v1/messages', { model: 'm', messages: ['x'] });
    assert.equal(status, 400);
  });
});
