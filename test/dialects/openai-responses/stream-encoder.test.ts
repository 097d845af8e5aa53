import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import OpenAI from 'openai';
import { createTokenUsage } from '../../../src/core/token-usage.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import type { FinishReason, StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { encodeResponse } from '../../../src/dialects/openai-responses/encode-response.ts';
import {
  decodeResponse,
  streamDecoder,
} from '../../../src/dialects/openai-responses/stream-decoder.ts';
import { streamEncoder } from '../../../src/dialects/openai-responses/stream-encoder.ts';
import { openSignature } from '../../../src/dialects/reasoning-envelope.ts';
import { recordings, streamEvents } from '../../support/recordings.ts';
import { answerTarget, blockParts, source } from './targets.ts';

const start: StreamPart = { type: 'start', id: 'msg_upstream1', model: 'up', createdAt: 5 };
const finish = (reason: FinishReason, detail?: string): StreamPart => ({
  type: 'finish',
  choice: 0,
  finish: { reason, stopSequence: undefined, raw: undefined, detail },
});
const usage = (): StreamPart => {
  const counted = createTokenUsage();
  Object.assign(counted.tokens, {
    inText: 3,
    cacheReadText: 4,
    cacheWrite5m: 2,
    outText: 5,
    reasoning: 6,
  });
  return { type: 'usage', usage: counted, tier: undefined };
};
const state = (target: 'self' | 'next' | 'prev' = 'self'): StreamPart => ({
  type: 'signature',
  choice: 0,
  signature: {
    dialect: 'anthropic-messages',
    family: 'claude',
    kind: 'sig',
    value: 'c2ln',
    target,
  },
});
/** The block, with a part before its end. */
const withPart = (block: StreamPart[], part: StreamPart): StreamPart[] => [
  ...block.slice(0, -1),
  part,
  ...block.slice(-1),
];
const fn = { type: 'tool_call', id: 'call_1', name: 'f', kind: 'function' } as const;
const custom = { type: 'tool_call', id: 'call_2', name: 'g', kind: 'custom' } as const;
const summary = { type: 'reasoning', kind: 'summary' } as const;
const showing = { model: 'm', input: 'hi', reasoning: { summary: 'auto' } };

/** The text of the whole stream. */
function write(parts: StreamPart[], body?: JsonObject): string {
  const encoder = streamEncoder(answerTarget(body));
  return [...parts.flatMap((part) => encoder.push(part)), ...encoder.end()].join('');
}

function eventsOf(stream: string): JsonObject[] {
  return [...stream.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)].map(([, name, data = '']) => {
    const event = JSON.parse(data);
    assert.equal(event.type, name);
    return event;
  });
}

const encode = (parts: StreamPart[], body?: JsonObject) => eventsOf(write(parts, body));
const typesOf = (events: JsonObject[]) =>
  events.map(({ type }) => String(type).replace(/^response\./, ''));
const lastResponse = (events: JsonObject[]) => asObject(events.at(-1)?.['response']);
const outputOf = (events: JsonObject[]) => asObjects(lastResponse(events)['output']);

/** What OpenAI's own SDK makes of the stream, which it checks strictly. */
async function readWithSdk(t: TestContext, stream: string): Promise<OpenAI.Responses.Response> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = new OpenAI({ apiKey: 'x', baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
  return client.responses.stream({ model: 'm', input: 'hi' }).finalResponse();
}

/** One answer with a block of every kind. */
const everything: StreamPart[] = [
  start,
  ...withPart(blockParts(summary, 'I th', 'ink.'), state()),
  ...blockParts({ type: 'reasoning', kind: 'raw' }, 'hm'),
  ...withPart(blockParts({ type: 'reasoning', kind: 'redacted' }), state()),
  ...blockParts({ type: 'text' }, 'Hel', 'lo'),
  ...withPart(blockParts({ type: 'text' }, 'again'), {
    type: 'citation',
    choice: 0,
    citation: {
      start: 0,
      end: 5,
      url: 'https://x.test',
      title: 'X',
      citedText: undefined,
      native: undefined,
    },
  }),
  ...blockParts({ type: 'refusal' }, 'No.'),
  ...blockParts(fn, '{"a"', ':1', '}'),
  ...withPart(blockParts(custom, 'free'), state('next')),
  ...blockParts({
    type: 'server_tool',
    block: {
      type: 'server_tool',
      tool: 'web_search',
      id: 'x',
      query: 'rain',
      results: [{ title: 'R', url: 'https://x.test' }],
      output: undefined,
      native: { dialect: 'anthropic-messages', raw: [] },
    },
  }),
  ...blockParts({ type: 'image', mime: 'image/png', base64: 'AAAA' }),
  ...withPart(blockParts({ type: 'text' }, 'Done.'), state('prev')),
  usage(),
  finish('stop'),
];

describe('responses stream encoder', () => {
  test('X-24: a text goes through its whole life in order', () => {
    const events = encode([
      start,
      ...blockParts({ type: 'text' }, 'Hel', 'lo'),
      usage(),
      finish('stop'),
    ]);
    assert.deepEqual(typesOf(events), [
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
    const added = { type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    const { id, ...item } = asObject(events[2]?.['item']);
    assert.deepEqual(item, added);
    assert.match(String(id), /^msg_/);
    const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
    assert.deepEqual(events[3]?.['part'], part);
    assert.deepEqual(outputOf(events), [
      { ...added, id, status: 'completed', content: [{ ...part, text: 'Hello' }] },
    ]);
  });

  test('calls, custom calls, refusals and reasoning have events of their own', () => {
    const lives: [StreamPart[], string[]][] = [
      [
        blockParts(fn, '{', '}'),
        [
          'function_call_arguments.delta',
          'function_call_arguments.delta',
          'function_call_arguments.done',
        ],
      ],
      [blockParts(custom, 'x'), ['custom_tool_call_input.delta', 'custom_tool_call_input.done']],
      [
        blockParts({ type: 'refusal' }, 'no'),
        ['content_part.added', 'refusal.delta', 'refusal.done', 'content_part.done'],
      ],
      [
        blockParts(summary, 'a', 'b'),
        [
          'reasoning_summary_part.added',
          'reasoning_summary_text.delta',
          'reasoning_summary_text.delta',
          'reasoning_summary_text.done',
          'reasoning_summary_part.done',
        ],
      ],
      [
        blockParts({ type: 'reasoning', kind: 'raw' }, 'a'),
        ['content_part.added', 'reasoning_text.delta', 'reasoning_text.done', 'content_part.done'],
      ],
    ];
    for (const [block, life] of lives) {
      const types = typesOf(encode([start, ...block, usage(), finish('stop')], showing));
      const expected = ['output_item.added', ...life, 'output_item.done', 'completed'];
      assert.deepEqual(types.slice(2), expected);
    }
  });

  test('X-20, X-22, X-25: numbers have no gap, ids are constant, prefixed and apart from call ids', () => {
    const events = encode(everything, showing);
    assert.deepEqual(
      events.map((event) => event['sequence_number']),
      events.map((_event, index) => index),
    );
    const ids = new Map<unknown, unknown>();
    for (const event of events) {
      const { item, item_id = asObject(item)['id'], output_index } = event;
      if (item_id === undefined) continue;
      assert.equal(ids.get(output_index) ?? item_id, item_id);
      ids.set(output_index, item_id);
    }
    const output = outputOf(events);
    assert.deepEqual(
      [...ids.values()],
      output.map(({ id }) => id),
    );
    assert.equal(new Set(ids.values()).size, output.length);
    const prefixes = {
      message: 'msg',
      reasoning: 'rs',
      function_call: 'fc',
      custom_tool_call: 'ctc',
    };
    for (const { type, id, call_id } of output) {
      const prefix = prefixes[type as keyof typeof prefixes];
      if (prefix) assert.match(String(id), new RegExp(`^${prefix}_`));
      assert.notEqual(id, call_id);
    }
    const responses = events.flatMap(({ response }) =>
      response ? [asObject(response)['id']] : [],
    );
    assert.deepEqual(new Set(responses), new Set(['resp_upstream1']));
  });

  test('every item is done before the end, whose snapshot repeats them all', () => {
    const events = encode(everything, showing);
    const done = events.flatMap(({ type, item }) =>
      type === 'response.output_item.done' ? [item] : [],
    );
    const added = events.filter(({ type }) => type === 'response.output_item.added');
    assert.equal(done.length, added.length);
    assert.deepEqual(outputOf(events), done);
  });

  test('the SDK of OpenAI takes the stream and has the whole answer', async (t) => {
    const stream = write(everything, showing);
    const response = await readWithSdk(t, stream);
    assert.equal(response.output_text, 'HelloagainDone.');
    assert.equal(response.usage?.total_tokens, 20);
    assert.deepEqual(
      response.output.map(({ type }) => type),
      outputOf(eventsOf(stream)).map(({ type }) => type),
    );
    const call = response.output.find((item) => item.type === 'function_call');
    assert.deepEqual([call?.call_id, call?.name, call?.arguments], ['call_1', 'f', '{"a":1}']);
  });

  test('the SDK takes every recorded answer after it was decoded and written again', async (t) => {
    const recorded = recordings().filter(
      ({ operation, stream }) => operation === 'responses' && stream,
    );
    for (const recording of recorded.slice(0, 12)) {
      const decoder = streamDecoder(source);
      const parts = streamEvents(recording).flatMap((event) => decoder.push(event));
      const response = await readWithSdk(t, write(parts, showing));
      const texts = parts.filter(
        (part) => part.type === 'block_start' && part.block.type === 'text',
      );
      assert.equal(response.output_text === '', texts.length === 0, recording.id);
    }
  });

  test('the whole answer is what the stream ends with', () => {
    for (const body of [undefined, showing]) {
      const streamed = lastResponse(encode(everything, body));
      assert.deepEqual(encodeResponse(foldParts(everything), answerTarget(body)), streamed);
    }
  });

  test('what is written is read again as it was', () => {
    const words = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 });
    const head = fc.constantFrom(
      { type: 'text' } as const,
      { type: 'refusal' } as const,
      { type: 'reasoning', kind: 'raw' } as const,
      summary,
      custom,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(head, words), { minLength: 1, maxLength: 5 }), (blocks) => {
        const parts = [start, ...blocks.flatMap(([block, texts]) => blockParts(block, ...texts))];
        const stream = encode([...parts, usage(), finish('stop')], showing);
        const decoder = streamDecoder(source);
        const read = stream.flatMap((event) => {
          const data = Buffer.from(JSON.stringify(event));
          return decoder.push({ data });
        });
        const shape = (answer: StreamPart[]) =>
          foldParts(answer).choices[0]!.blocks.map(({ head: { type }, text }) => [type, text]);
        assert.deepEqual(shape(read), shape(parts));
        assert.deepEqual(shape(decodeResponse(lastResponse(stream), source)), shape(parts));
      }),
    );
  });

  test('consecutive texts are parts of one message until another item comes', () => {
    const text = blockParts({ type: 'text' }, 'x');
    const output = outputOf(
      encode([
        start,
        ...text,
        ...text,
        ...blockParts(fn, '{}'),
        ...text,
        usage(),
        finish('tool_calls'),
      ]),
    );
    assert.deepEqual(
      output.map(({ type, content }) => [type, asObjects(content).length]),
      [
        ['message', 2],
        ['function_call', 0],
        ['message', 1],
      ],
    );
  });

  test('X-01: a call without arguments has an empty object', () => {
    const events = encode([start, ...blockParts(fn), usage(), finish('tool_calls')]);
    const [, , added, delta, done] = events;
    assert.equal(asObject(added?.['item'])['arguments'], '');
    assert.deepEqual([delta?.['delta'], done?.['arguments']], ['{}', '{}']);
  });

  test('a call without an id gets one, and keeps it', () => {
    const events = encode([
      start,
      ...blockParts({ ...fn, id: '' }, '{}'),
      usage(),
      finish('tool_calls'),
    ]);
    const ids = events.flatMap(({ item }) => (item ? [asObject(item)['call_id']] : []));
    assert.match(String(ids[0]), /^call_[A-Za-z0-9]{24}$/);
    assert.equal(ids[0], ids[1]);
  });

  test('a client that did not ask for a summary gets the state alone', () => {
    const thought = withPart(blockParts(summary, 'secret'), state());
    const stream = write([
      start,
      ...thought,
      ...blockParts({ type: 'text' }, 'x'),
      usage(),
      finish('stop'),
    ]);
    assert.ok(!stream.includes('secret'));
    const [reasoning] = outputOf(eventsOf(stream));
    assert.deepEqual(reasoning?.['summary'], []);
    assert.equal(openSignature(String(reasoning?.['encrypted_content']))?.value, 'c2ln');
  });

  test('state of a call stands in front of it, and that of a text behind its message', () => {
    const output = outputOf(
      encode([
        start,
        ...withPart(blockParts({ type: 'text' }, 'x'), state()),
        ...withPart(blockParts(fn, '{}'), state()),
        usage(),
        finish('tool_calls'),
      ]),
    );
    const shape = output.map(({ type, encrypted_content: sealed }) => [
      type,
      openSignature(String(sealed))?.target,
    ]);
    assert.deepEqual(shape, [
      ['message', undefined],
      ['reasoning', 'prev'],
      ['reasoning', 'next'],
      ['function_call', undefined],
    ]);
  });

  test('X-64: every reason has its status', () => {
    const cases: [FinishReason, string, unknown][] = [
      ['stop', 'completed', null],
      ['stop_sequence', 'completed', null],
      ['tool_calls', 'completed', null],
      ['length', 'incomplete', { reason: 'max_output_tokens' }],
      ['context_exceeded', 'incomplete', { reason: 'max_output_tokens' }],
      ['content_filter', 'incomplete', { reason: 'content_filter' }],
      ['refusal', 'completed', null],
      ['pause', 'completed', null],
      ['compaction', 'completed', null],
      ['other', 'completed', null],
      ['malformed', 'failed', null],
    ];
    for (const [reason, status, details] of cases) {
      const events = encode([start, ...blockParts({ type: 'text' }, 'x'), usage(), finish(reason)]);
      assert.equal(events.at(-1)?.['type'], `response.${status}`);
      const response = lastResponse(events);
      assert.deepEqual([response['status'], response['incomplete_details']], [status, details]);
      const messageStatus = status === 'incomplete' ? 'incomplete' : 'completed';
      assert.equal(outputOf(events)[0]?.['status'], messageStatus);
    }
  });

  test('a refusal that is a reason alone becomes a part', () => {
    const events = encode([
      start,
      ...blockParts({ type: 'text' }, 'I'),
      usage(),
      finish('refusal', 'Unsafe.'),
    ]);
    assert.deepEqual(
      asObjects(outputOf(events)[0]?.['content']).map(({ type, refusal }) => [type, refusal]),
      [
        ['output_text', undefined],
        ['refusal', 'Unsafe.'],
      ],
    );
  });

  test('X-61: an answer without any content is an empty message', () => {
    const [message] = outputOf(encode([start, usage(), finish('stop')]));
    assert.equal(asObjects(message?.['content'])[0]?.['text'], '');
  });

  test('X-29, X-32: the end comes once, with the usage or without it, and not where none was', () => {
    const text = blockParts({ type: 'text' }, 'x');
    const ends = (parts: StreamPart[]) =>
      typesOf(encode([start, ...text, ...parts])).filter((type) => type === 'completed').length;
    assert.equal(ends([usage(), finish('stop')]), 1);
    assert.equal(ends([finish('stop'), usage()]), 1);
    assert.equal(ends([finish('stop')]), 1);
    assert.equal(ends([finish('stop'), usage(), ...text]), 1);
    assert.equal(ends([]), 0);
    assert.equal(ends([{ type: 'error', message: 'x', kind: undefined }]), 0);
  });

  test('X-25: a response repeats the settings of its request, the others are null', () => {
    const body = { model: 'm', input: 'hi', temperature: 0.5, metadata: { a: 'b' }, store: true };
    const response = lastResponse(encode([start, usage(), finish('stop')], body));
    const { id: _id, output: _output, ...envelope } = response;
    assert.deepEqual(envelope, {
      object: 'response',
      created_at: 5,
      model: 'up',
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: { a: 'b' },
      parallel_tool_calls: true,
      prompt_cache_key: null,
      prompt_cache_retention: null,
      safety_identifier: null,
      service_tier: 'default',
      temperature: 0.5,
      tool_choice: 'auto',
      tools: [],
      top_logprobs: 0,
      top_p: null,
      truncation: 'disabled',
      user: null,
      access_programs: null,
      background: false,
      previous_response_id: null,
      reasoning: { effort: null, summary: null },
      store: false,
      text: { format: { type: 'text' } },
      status: 'completed',
      incomplete_details: null,
      error: null,
      completed_at: 1_800_000_000,
      usage: {
        input_tokens: 9,
        input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
        output_tokens: 11,
        output_tokens_details: { reasoning_tokens: 6 },
        total_tokens: 20,
      },
    });
  });

  test('an id that cannot be carried over is made anew', () => {
    const odd: StreamPart = { ...start, id: 'x' } as StreamPart;
    const response = lastResponse(encode([odd, usage(), finish('stop')]));
    assert.match(String(response['id']), /^resp_0{23}1$/);
  });
});
