import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import type { StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import {
  decodeResponse,
  streamDecoder,
} from '../../../src/dialects/openai-responses/stream-decoder.ts';
import { readResponsesUsage } from '../../../src/dialects/openai-responses/usage.ts';
import { type Recording, recordings, streamEvents } from '../../support/recordings.ts';
import { source } from './targets.ts';

const recorded = recordings().filter(({ operation }) => operation === 'responses');
const bodyOf = ({ bodyBytes }: Recording): JsonObject => JSON.parse(bodyBytes.toString());

const created = { type: 'response.created', response: { id: 'resp_1', model: 'm', created_at: 5 } };
const completed = (response: JsonObject = {}) => ({
  type: 'response.completed',
  response: { id: 'resp_1', status: 'completed', output: [], ...response },
});
const item = (state: 'added' | 'done', output_index: number, fields: JsonObject) => ({
  type: `response.output_item.${state}`,
  output_index,
  item: fields,
});
const delta = (kind: string, output_index: number, text: string, more: JsonObject = {}) => ({
  type: `response.${kind}.delta`,
  output_index,
  content_index: 0,
  delta: text,
  ...more,
});

function decode(...events: JsonObject[]): StreamPart[] {
  const decoder = streamDecoder(source);
  const parts = events.flatMap((event) => {
    const bytes = Buffer.from(JSON.stringify(event));
    return decoder.push({ data: bytes });
  });
  return [...parts, ...decoder.end()];
}

/** Heads and texts of the answer's blocks. */
function blocksOf(parts: StreamPart[]): [type: string, text: string][] {
  const [choice] = foldParts(parts).choices;
  return choice!.blocks.map(({ head, text }) => [head.type, text]);
}

const finishOf = (parts: StreamPart[]) => foldParts(parts).choices[0]!.finish;

/** The encrypted state differs with every snapshot, and some upstreams change the response's id. */
function comparable(parts: StreamPart[]): unknown {
  const answer = foldParts(parts);
  for (const block of answer.choices[0]!.blocks) if (block.signature) block.signature.value = '';
  return { ...answer, id: undefined };
}

/** Text and calls of an output, read by the simplest means. */
function readSimply(output: unknown) {
  const items = asObjects(output);
  const parts = items.flatMap(({ type, content }) =>
    type === 'message' ? asObjects(content) : [],
  );
  const calls = items.filter(({ type }) => type === 'function_call' || type === 'custom_tool_call');
  return {
    text: parts.map(({ text }) => text ?? '').join(''),
    calls: calls.map((call) => [call['call_id'], call['name'], call['arguments'] ?? call['input']]),
  };
}

function readFold(parts: StreamPart[]): ReturnType<typeof readSimply> {
  const blocks = foldParts(parts).choices.flatMap((choice) => choice.blocks);
  return {
    text: blocks.map(({ head, text }) => (head.type === 'text' ? text : '')).join(''),
    calls: blocks.flatMap(({ head, text }) =>
      head.type === 'tool_call' ? [[head.id, head.name, text]] : [],
    ),
  };
}

describe('responses answer decoder', () => {
  test('every recorded whole answer has the text and calls of a simple reading', () => {
    const whole = recorded.filter(({ stream, status }) => !stream && status === 200);
    assert.ok(whole.length > 40);
    for (const recording of whole) {
      const body = bodyOf(recording);
      const parts = decodeResponse(body, source);
      assert.deepEqual(readFold(parts), readSimply(body['output']), recording.id);
      assert.deepEqual(foldParts(parts).usage, readResponsesUsage(body) ?? undefined);
    }
  });

  test('every recorded stream folds to what its last snapshot decodes to', () => {
    const streams = recorded.filter(({ stream }) => stream);
    assert.ok(streams.length > 40);
    for (const recording of streams) {
      const events = streamEvents(recording).map(({ data }) => JSON.parse(data.toString()));
      // A few recordings hold several streams, one behind the other.
      const last = events.findIndex(({ type }) =>
        ['response.completed', 'response.incomplete', 'response.failed'].includes(type),
      );
      const parts = decode(...events.slice(0, last + 1));
      const { response } = events[last];
      if (parts.some(({ type }) => type === 'error')) continue;
      assert.deepEqual(
        comparable(parts),
        comparable(decodeResponse(response, source)),
        recording.id,
      );
      assert.deepEqual(readFold(parts), readSimply(response.output), recording.id);
    }
  });

  test('blocks of recorded streams never overlap, and a finish is last', () => {
    for (const recording of recorded.filter(({ stream }) => stream)) {
      const decoder = streamDecoder(source);
      const types = streamEvents(recording).flatMap((event) =>
        decoder.push(event).map(({ type }) => type),
      );
      assert.match(
        types.join(' '),
        /^start( block_start( delta)*( signature)?( citation)* block_end)*( usage)?( finish| error)$/,
      );
    }
  });

  test('X-06: calls that are interleaved come one by one', () => {
    const call = (n: number) => ({
      type: 'function_call',
      id: `fc_${n}`,
      call_id: `c${n}`,
      name: `f${n}`,
    });
    const parts = decode(
      created,
      item('added', 0, call(0)),
      item('added', 1, call(1)),
      delta('function_call_arguments', 1, '{"b":'),
      delta('function_call_arguments', 0, '{"a":'),
      delta('function_call_arguments', 0, '1}'),
      delta('function_call_arguments', 1, '2}'),
      item('done', 1, { ...call(1), arguments: '{"b":2}' }),
      item('done', 0, { ...call(0), arguments: '{"a":1}' }),
      completed(),
    );
    const types = parts.map(({ type }) => type);
    const block = (deltas: number) => ['block_start', ...Array(deltas).fill('delta'), 'block_end'];
    assert.deepEqual(types, ['start', ...block(2), ...block(2), 'finish']);
    assert.deepEqual(readFold(parts).calls, [
      ['c0', 'f0', '{"a":1}'],
      ['c1', 'f1', '{"b":2}'],
    ]);
    assert.equal(finishOf(parts).reason, 'tool_calls');
  });

  test('deltas are the text of record, and whole items fill what they missed', () => {
    const message = (text: string) => ({
      type: 'message',
      content: [{ type: 'output_text', text }],
    });
    const filled = decode(
      created,
      delta('output_text', 0, 'Hel'),
      item('done', 0, message('Hello')),
      completed(),
    );
    const differing = decode(
      created,
      delta('output_text', 0, 'Hi'),
      item('done', 0, message('Bye')),
      completed(),
    );
    const unstreamed = decode(created, item('done', 0, message('Hello')), completed());
    const lastOnly = decode(created, completed({ output: [message('Hello')] }));
    const repeated = decode(
      created,
      delta('output_text', 0, 'Hello'),
      item('done', 0, message('Hello')),
      completed({ output: [{ type: 'reasoning', summary: [] }, message('Hello')] }),
    );
    const texts = [filled, differing, unstreamed, lastOnly, repeated].map(blocksOf);
    assert.deepEqual(texts, [
      [['text', 'Hello']],
      [['text', 'Hi']],
      [['text', 'Hello']],
      [['text', 'Hello']],
      [['text', 'Hello']],
    ]);
  });

  test('X-24: ids that change with every event change nothing', () => {
    const parts = decode(
      created,
      item('added', 0, { type: 'message', id: 'a' }),
      delta('output_text', 0, 'x', { item_id: 'b' }),
      delta('output_text', 0, 'y', { item_id: 'c' }),
      item('done', 0, { type: 'message', id: 'd', content: [{ type: 'output_text', text: 'xy' }] }),
      completed(),
    );
    assert.deepEqual(blocksOf(parts), [['text', 'xy']]);
  });

  test('X-79: reasoning state is read where it is whole', () => {
    const thought = (encrypted_content: string) => ({
      type: 'reasoning',
      id: 'rs_1',
      summary: [
        { type: 'summary_text', text: 'one' },
        { type: 'summary_text', text: 'two' },
      ],
      encrypted_content,
    });
    const part = { type: 'response.reasoning_summary_part.added', output_index: 0 };
    const parts = decode(
      created,
      item('added', 0, { ...thought('half'), summary: [] }),
      { ...part, summary_index: 0 },
      delta('reasoning_summary_text', 0, 'one'),
      { ...part, summary_index: 1 },
      delta('reasoning_summary_text', 0, 'two'),
      item('done', 0, thought('whole')),
      completed(),
    );
    const [block] = foldParts(parts).choices[0]!.blocks;
    assert.equal(block?.text, 'one\n\ntwo');
    assert.equal(block?.signature?.kind, 'summary+enc');
    const { id, encrypted_content } = JSON.parse(block?.signature?.value ?? '{}');
    assert.deepEqual([id, encrypted_content], ['rs_1', 'whole']);
  });

  test('reasoning of open models is raw, and state without any text is still a block', () => {
    const raw = decode(
      created,
      delta('reasoning_text', 0, 'hm'),
      item('done', 0, {
        type: 'reasoning',
        summary: [],
        content: [{ type: 'reasoning_text', text: 'hm' }],
      }),
      completed(),
    );
    const bare = decode(
      created,
      item('done', 0, { type: 'reasoning', id: 'rs', summary: [], encrypted_content: 'x' }),
      item('done', 1, { type: 'reasoning', id: 'rs', summary: [] }),
      completed(),
    );
    const heads = [raw, bare].map((parts) =>
      foldParts(parts).choices[0]!.blocks.map(({ head }) => head),
    );
    assert.deepEqual(heads, [
      [{ type: 'reasoning', kind: 'raw' }],
      [{ type: 'reasoning', kind: 'summary' }],
    ]);
  });

  test('why an answer ended', () => {
    const text = { type: 'message', content: [{ type: 'output_text', text: 'x' }] };
    const call = { type: 'custom_tool_call', call_id: 'c', name: 'f', input: 'i' };
    const refusal = { type: 'message', content: [{ type: 'refusal', refusal: 'no' }] };
    const cut = (reason: string) => ({ status: 'incomplete', incomplete_details: { reason } });
    const cases: [JsonObject, string][] = [
      [{ status: 'completed', output: [text] }, 'stop'],
      [{ status: 'completed', output: [text, call] }, 'tool_calls'],
      [{ status: 'completed', output: [refusal] }, 'refusal'],
      [cut('max_output_tokens'), 'length'],
      [cut('content_filter'), 'content_filter'],
      [cut('steered'), 'stop'],
      [cut('news'), 'other'],
    ];
    for (const [response, reason] of cases) {
      assert.equal(finishOf(decodeResponse(response, source)).reason, reason);
    }
  });

  test('X-31: errors in a stream, and in a whole answer, end it', () => {
    const error = { code: 'rate_limit_exceeded', message: 'Slow down.' };
    const expected = { type: 'error', message: 'Slow down.', kind: 'rate_limit_exceeded' };
    const events: JsonObject[] = [
      { type: 'response.failed', response: { status: 'failed', error } },
      { type: 'error', ...error, param: null },
      { type: 'error', error },
      { error },
    ];
    for (const event of events) {
      assert.deepEqual(decode(created, event, completed()).slice(1), [expected]);
    }
    assert.deepEqual(decodeResponse({ status: 'failed', error }, source).at(-1), expected);
  });

  test('X-33: a stream that is cut has no finish', () => {
    const parts = decode(created, delta('output_text', 0, 'Hel'));
    assert.deepEqual(
      parts.map(({ type }) => type),
      ['start', 'block_start', 'delta'],
    );
  });

  test('sources and log probabilities come with their text', () => {
    const annotation = {
      type: 'url_citation',
      start_index: 0,
      end_index: 2,
      url: 'https://x.test',
      title: 'X',
    };
    const logprobs = [{ token: 'hi', logprob: -1, bytes: [], top_logprobs: [] }];
    const added = {
      type: 'response.output_text.annotation.added',
      output_index: 0,
      content_index: 0,
    };
    const part = { type: 'output_text', text: 'hi', annotations: [annotation], logprobs };
    const parts = decode(
      created,
      delta('output_text', 0, 'hi', { logprobs }),
      { ...added, annotation_index: 0, annotation },
      item('done', 0, { type: 'message', content: [part] }),
      completed(),
    );
    const [block] = foldParts(parts).choices[0]!.blocks;
    assert.deepEqual(block?.logprobs, logprobs);
    assert.deepEqual(
      block?.citations.map(({ start, end, url, title }) => [start, end, url, title]),
      [[0, 2, 'https://x.test', 'X']],
    );
  });

  test('hosted tools are blocks with their results', () => {
    const action = {
      type: 'search',
      query: 'rain',
      sources: [{ type: 'url', url: 'https://x.test' }],
    };
    const outputs = [{ type: 'logs', logs: '42' }];
    const parts = decodeResponse(
      {
        status: 'completed',
        output: [
          { type: 'web_search_call', id: 'ws_1', action },
          { type: 'code_interpreter_call', id: 'ci_1', code: '6*7', outputs },
          { type: 'image_generation_call', id: 'ig_1', result: 'AAAA' },
        ],
      },
      source,
    );
    const heads = foldParts(parts).choices[0]!.blocks.map(({ head }) => head);
    const [search, code] = heads.map((head) =>
      head.type === 'server_tool' ? head.block : undefined,
    );
    assert.deepEqual([search?.query, search?.results[0]?.url], ['rain', 'https://x.test']);
    assert.deepEqual([code?.query, code?.output], ['6*7', '42']);
    assert.deepEqual(heads[2], { type: 'image', mime: 'image/png', base64: 'AAAA' });
  });

  test('names that were changed for the upstream are the client’s again', () => {
    const renamed = { ...source, toolNames: new Map([['my_tool', 'my tool']]) };
    const output = [{ type: 'function_call', call_id: 'c', name: 'my_tool', arguments: '{}' }];
    const { head } = foldParts(decodeResponse({ output }, renamed)).choices[0]!.blocks[0]!;
    assert.equal(head.type === 'tool_call' && head.name, 'my tool');
  });

  test('unknown events, odd data and what follows the end say nothing', () => {
    const decoder = streamDecoder(source);
    const push = (text: string) => decoder.push({ data: Buffer.from(text) });
    const odd = [
      '',
      '[DONE]',
      '{"type":"keepalive"}',
      '{"type":"response.news","delta":"x"}',
      '[1]',
    ];
    assert.deepEqual(odd.flatMap(push), []);
    push(JSON.stringify(completed()));
    assert.deepEqual(push(JSON.stringify(delta('output_text', 0, 'x'))), []);
  });
});
