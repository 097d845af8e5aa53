import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessagesDialect as dialect } from '../../../src/dialects/anthropic-messages/dialect.ts';
import { readMessageUsage } from '../../../src/dialects/anthropic-messages/usage.ts';
import type { AnswerSource } from '../../../src/dialects/dialect.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import type { StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObject, asObjects, asText, type JsonObject } from '../../../src/dialects/json-object.ts';
import { parseWire } from '../../../src/dialects/raw-json.ts';
import { type Recording, recordings, streamEvents } from '../../support/recordings.ts';
import { accumulate, answerSource, wire } from './messages-kit.ts';

/** One file holds two streams, of which the first was cut. */
const answers = recordings().filter(
  ({ id, operation, status }) =>
    operation === 'messages' && status === 200 && !id.includes('tool-search-regex.1.chunks'),
);

function partsOf(recording: Recording): StreamPart[] {
  if (!recording.stream) {
    return dialect.decodeResponse(parseWire(recording.bodyBytes), answerSource());
  }
  const decoder = dialect.streamDecoder(answerSource());
  return [...streamEvents(recording).flatMap((event) => decoder.push(event)), ...decoder.end()];
}

/** The message of a recording, by the simplest reading. */
function messageOf(recording: Recording): JsonObject {
  if (!recording.stream) return asObject(JSON.parse(recording.bodyBytes.toString()));
  return accumulate(streamEvents(recording).map(({ data }) => asObject(JSON.parse(String(data)))));
}

function stream(...events: object[]): StreamPart[] {
  const decoder = dialect.streamDecoder(answerSource());
  const parts = events.flatMap((event) => {
    const bytes = Buffer.from(JSON.stringify(event));
    return decoder.push({ data: bytes });
  });
  return [...parts, ...decoder.end()];
}

function whole(content: object[], fields: object = {}, source: Partial<AnswerSource> = {}) {
  const message = { id: 'msg_1', model: 'claude', role: 'assistant', content, ...fields };
  const stop_reason = 'end_turn';
  return dialect.decodeResponse(wire({ stop_reason, ...message }), answerSource(source));
}

const start = { type: 'message_start', message: { id: 'msg_1', model: 'claude', usage: {} } };
const opened = (index: number, content_block: object) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta });
const closed = (index: number) => ({ type: 'content_block_stop', index });
const ended = (stop_reason: string, usage: object = {}) => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null },
  usage,
});
const stop = { type: 'message_stop' };

describe('messages answers, recorded', () => {
  test('there are whole and streamed ones', () => {
    assert.ok(answers.filter((each) => each.stream).length > 60);
    assert.ok(answers.filter((each) => !each.stream).length > 70);
  });

  for (const recording of answers) {
    test(`${recording.id} folds to its text, calls, thinking and end`, () => {
      const message = messageOf(recording);
      if (message['stop_reason'] == null) return;
      const { choices, id, usage } = foldParts(partsOf(recording));
      const { blocks, finish } = choices[0]!;
      const content = asObjects(message['content']);
      const contentOf = (type: string, key: string) =>
        content.flatMap((block) => (block['type'] === type ? (asText(block[key]) ?? []) : []));
      const textOf = (type: string) =>
        blocks
          .filter(({ head, text }) => head.type === type && text !== '')
          .map(({ text }) => text);
      assert.equal(id, message['id']);
      assert.deepEqual(textOf('text'), contentOf('text', 'text'));
      assert.deepEqual(textOf('reasoning'), contentOf('thinking', 'thinking'));
      assert.deepEqual(
        blocks.flatMap(({ signature }) => signature?.value ?? []),
        [...contentOf('thinking', 'signature'), ...contentOf('redacted_thinking', 'data')],
      );
      assert.deepEqual(
        blocks.flatMap(({ head, text }) =>
          head.type === 'tool_call' ? [[head.id, head.name, JSON.parse(text)]] : [],
        ),
        content.flatMap((block) =>
          block['type'] === 'tool_use' ? [[block['id'], block['name'], block['input']]] : [],
        ),
      );
      const served = content.flatMap(({ type, id, tool_use_id }) => {
        if (type === 'server_tool_use' || type === 'mcp_tool_use') return [id];
        return String(type).endsWith('_tool_result') ? [tool_use_id] : [];
      });
      assert.equal(
        blocks.filter(({ head }) => head.type === 'server_tool').length,
        new Set(served).size,
      );
      assert.equal(finish.raw, message['stop_reason']);
      if (recording.expectedUsage !== null) {
        assert.deepEqual(usage, readMessageUsage({ usage: recording.expectedUsage }));
      }
    });
  }
});

describe('messages answer decoder', () => {
  test('a stream opens, fills and closes each block, then tells usage and why it ended', () => {
    assert.deepEqual(
      stream(
        start,
        { type: 'ping' },
        opened(0, { type: 'text', text: '' }),
        delta(0, { type: 'text_delta', text: 'He' }),
        delta(0, { type: 'text_delta', text: 'y' }),
        delta(0, { type: 'future_delta', text: '?' }),
        closed(0),
        ended('max_tokens', { input_tokens: 3, output_tokens: 2 }),
        stop,
      ).map((part) => (part.type === 'usage' ? part.usage.tokens.outText : part)),
      [
        { type: 'start', id: 'msg_1', model: 'claude', createdAt: undefined },
        { type: 'ping' },
        { type: 'block_start', choice: 0, block: { type: 'text' } },
        { type: 'delta', choice: 0, text: 'He' },
        { type: 'delta', choice: 0, text: 'y' },
        { type: 'block_end', choice: 0 },
        2,
        {
          type: 'finish',
          choice: 0,
          finish: {
            reason: 'length',
            stopSequence: undefined,
            raw: 'max_tokens',
            detail: undefined,
          },
        },
      ],
    );
  });

  test('X-85, X-57: counts of the end replace those of the start, and are never added', () => {
    const opening = { ...start.message, usage: { input_tokens: 17, output_tokens: 1 } };
    const parts = stream(
      { type: 'message_start', message: opening },
      ended('end_turn', { output_tokens: 9, cache_read_input_tokens: 5, input_tokens: null }),
      stop,
    );
    const usage = parts.find((part) => part.type === 'usage')?.usage.tokens;
    assert.deepEqual([usage?.inText, usage?.cacheReadText, usage?.outText], [17, 5, 9]);
  });

  test('X-16, X-17: the signature comes with the end of the block, the last one counts', () => {
    const parts = stream(
      start,
      opened(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'early' }),
      delta(0, { type: 'signature_delta', signature: 'late' }),
      closed(0),
    );
    assert.deepEqual(parts.slice(-2), [
      {
        type: 'signature',
        choice: 0,
        signature: {
          dialect: 'anthropic-messages',
          family: 'claude',
          kind: 'sig',
          value: 'late',
          target: 'self',
        },
      },
      { type: 'block_end', choice: 0 },
    ]);
  });

  test('X-01: a call without arguments has an empty object, streamed or whole', () => {
    const use = { type: 'tool_use', id: 't', name: 'f', input: {} };
    for (const parts of [
      stream(
        start,
        opened(0, use),
        delta(0, { partial_json: '' }),
        closed(0),
        ended('tool_use'),
        stop,
      ),
      whole([use], { stop_reason: 'tool_use' }),
    ]) {
      const { blocks, finish } = foldParts(parts).choices[0]!;
      assert.deepEqual(
        blocks.map(({ text }) => text),
        ['{}'],
      );
      assert.equal(finish.reason, 'tool_calls');
    }
  });

  test('names, custom tools and the JSON tool are turned back', () => {
    const use = (name: string, input: object) => ({ type: 'tool_use', id: 't', name, input });
    const source = {
      toolNames: new Map([['a_b', 'a b']]),
      customTools: new Set(['patch']),
      jsonTool: 'json_output',
    };
    const { blocks } = foldParts(
      whole([use('a_b', { x: 1 }), use('patch', { input: '*** Begin' })], {}, source),
    ).choices[0]!;
    assert.deepEqual(
      blocks.map(({ head, text }) => [head.type === 'tool_call' && [head.name, head.kind], text]),
      [
        [['a b', 'function'], '{"x":1}'],
        [['patch', 'custom'], '*** Begin'],
      ],
    );
    const json = foldParts(
      whole([use('json_output', { a: 1 })], { stop_reason: 'tool_use' }, source),
    );
    assert.deepEqual(
      json.choices[0]?.blocks.map(({ head, text }) => [head.type, text]),
      [['text', '{"a":1}']],
    );
    assert.equal(json.choices[0]?.finish.reason, 'stop');
  });

  test('citations span their whole block', () => {
    const citation = { type: 'web_search_result_location', url: 'https://a.b', title: 'T' };
    const { blocks } = foldParts(whole([{ type: 'text', text: 'né😀', citations: [citation] }]))
      .choices[0]!;
    assert.deepEqual(blocks[0]?.citations, [
      {
        start: 0,
        end: 3,
        url: 'https://a.b',
        title: 'T',
        citedText: undefined,
        native: { dialect: 'anthropic-messages', raw: citation },
      },
    ]);
  });

  test('every stop reason', () => {
    const rows: [string, string][] = [
      ['end_turn', 'stop'],
      ['stop_sequence', 'stop_sequence'],
      ['max_tokens', 'length'],
      ['model_context_window_exceeded', 'context_exceeded'],
      ['refusal', 'refusal'],
      ['pause_turn', 'pause'],
      ['compaction', 'compaction'],
      ['something_new', 'other'],
      ['constructor', 'other'],
    ];
    for (const [stop_reason, reason] of rows) {
      assert.equal(foldParts(whole([], { stop_reason })).choices[0]?.finish.reason, reason);
    }
    const stop_details = { type: 'refusal', category: 'bio', explanation: 'No.' };
    const refused = foldParts(whole([], { stop_reason: 'refusal', stop_details }));
    assert.equal(refused.choices[0]?.finish.detail, 'No.');
  });

  test('X-30: a stream that is cut has no finish, and one without a last marker has', () => {
    const isFinished = (...events: object[]) =>
      stream(start, ...events).some(({ type }) => type === 'finish');
    assert.equal(isFinished(opened(0, { type: 'text', text: 'a' })), false);
    assert.equal(isFinished(stop), false);
    assert.equal(isFinished(ended('end_turn')), true);
  });

  test('X-31: an error in the stream is an error, whatever its event is called', () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    for (const event of [{ type: 'error', error }, { error }]) {
      assert.deepEqual(stream(start, event).at(-1), {
        type: 'error',
        message: 'Overloaded',
        kind: 'overloaded_error',
      });
    }
  });

  test('X-35: a second start is none, and blocks that nobody knows are passed over', () => {
    const parts = stream(start, start, opened(0, { type: 'hologram', text: 'x' }), closed(0));
    assert.deepEqual(
      parts.map(({ type }) => type),
      ['start'],
    );
  });
});
