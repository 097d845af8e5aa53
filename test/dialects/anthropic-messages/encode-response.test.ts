import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createTokenUsage, TOKEN_BUCKETS, totalInput } from '../../../src/core/token-usage.ts';
import { anthropicMessagesDialect as dialect } from '../../../src/dialects/anthropic-messages/dialect.ts';
import { encodeUsage } from '../../../src/dialects/anthropic-messages/encode-usage.ts';
import { readMessageUsage } from '../../../src/dialects/anthropic-messages/usage.ts';
import type { AnswerTarget } from '../../../src/dialects/dialect.ts';
import type { ChatRequest, Signature } from '../../../src/dialects/ir/chat-request.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import { keepOwnReasoning } from '../../../src/dialects/ir/keep-own-reasoning.ts';
import type { BlockHead, FinishReason, StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { stringifyWire } from '../../../src/dialects/raw-json.ts';
import { sealSignature } from '../../../src/dialects/reasoning-envelope.ts';
import { accumulate, answerTarget, decodeBlocks, readEvents } from './messages-kit.ts';

const choice = 0;
const GOOGLE: Signature = {
  dialect: 'google-generate-content',
  family: 'gemini',
  kind: 'sig',
  value: 'AbC+/=',
  target: 'self',
};

function block(head: BlockHead, deltas: string[], signature?: Signature): StreamPart[] {
  return [
    { type: 'block_start', choice, block: head },
    ...deltas.map((text): StreamPart => ({ type: 'delta', choice, text })),
    ...(signature ? [{ type: 'signature' as const, choice, signature }] : []),
    { type: 'block_end', choice },
  ];
}

function text(...deltas: string[]): StreamPart[] {
  return block({ type: 'text' }, deltas);
}

function call(name: string, deltas: string[], signature?: Signature): StreamPart[] {
  return block({ type: 'tool_call', id: `id_${name}`, name, kind: 'function' }, deltas, signature);
}

function answer(parts: StreamPart[], reason: FinishReason = 'stop'): StreamPart[] {
  const finish = { reason, stopSequence: undefined, raw: undefined, detail: undefined };
  const usage = createTokenUsage();
  Object.assign(usage.tokens, { inText: 7, cacheReadText: 900, cacheWrite5m: 30, outText: 5 });
  return [
    { type: 'start', id: 'chatcmpl-abcdef123', model: 'gpt', createdAt: undefined },
    ...parts,
    { type: 'finish', choice, finish },
    { type: 'usage', usage, tier: 'default' },
  ];
}

function stream(parts: StreamPart[], target: AnswerTarget = answerTarget()): JsonObject[] {
  const encoder = dialect.streamEncoder(target);
  return readEvents([...parts.flatMap((part) => encoder.push(part)), ...encoder.end()]);
}

function whole(parts: StreamPart[], request: Partial<ChatRequest> = {}): JsonObject {
  const encoded = dialect.encodeResponse(foldParts(parts), answerTarget(request));
  return asObject(JSON.parse(stringifyWire(encoded)));
}

const contentOf = (parts: StreamPart[], request: Partial<ChatRequest> = {}) =>
  asObjects(whole(answer(parts), request)['content']);

describe('messages answer encoder', () => {
  test('a message has every member that this API writes', () => {
    assert.deepEqual(whole(answer(text('Hey'))), {
      id: 'msg_abcdef123',
      type: 'message',
      role: 'assistant',
      model: 'gpt',
      content: [{ type: 'text', text: 'Hey' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: {
        input_tokens: 7,
        cache_creation_input_tokens: 30,
        cache_read_input_tokens: 900,
        cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 0 },
        output_tokens: 5,
        output_tokens_details: null,
        server_tool_use: null,
        service_tier: 'standard',
        speed: null,
        inference_geo: null,
      },
    });
  });

  test('events come in their one order, with names and indices', () => {
    const events = stream(
      answer([...text('He', 'y'), ...call('f', ['{"a":', '1}'])], 'tool_calls'),
    );
    assert.deepEqual(
      events.map(({ type, index, delta }) => [type, index, asObject(delta)['type']]),
      [
        ['message_start', undefined, undefined],
        ['content_block_start', 0, undefined],
        ['content_block_delta', 0, 'text_delta'],
        ['content_block_delta', 0, 'text_delta'],
        ['content_block_stop', 0, undefined],
        ['content_block_start', 1, undefined],
        ['content_block_delta', 1, 'input_json_delta'],
        ['content_block_delta', 1, 'input_json_delta'],
        ['content_block_stop', 1, undefined],
        ['message_delta', undefined, undefined],
        ['message_stop', undefined, undefined],
      ],
    );
    assert.deepEqual(events[5]?.['content_block'], {
      type: 'tool_use',
      id: 'id_f',
      name: 'f',
      input: {},
      caller: { type: 'direct' },
    });
    assert.deepEqual(events[9]?.['delta'], {
      stop_reason: 'tool_use',
      stop_sequence: null,
      stop_details: null,
      container: null,
    });
  });

  test('X-55…X-57, X-76: the start estimates, the last delta tells all; a stop reason only there', () => {
    const events = stream(answer(text('Hey')));
    const opening = asObject(events[0]?.['message']);
    assert.equal(opening['stop_reason'], null);
    assert.equal(asObject(opening['usage'])['input_tokens'], 12);
    const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens } =
      asObject(events.at(-2)?.['usage']);
    assert.deepEqual(
      [input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens],
      [7, 900, 30, 5],
    );
  });

  test('X-01, X-02: a call without arguments delivers one empty object', () => {
    const events = stream(answer(call('f', []), 'tool_calls'));
    const deltas = events.filter(({ type }) => type === 'content_block_delta');
    assert.deepEqual(
      deltas.map(({ delta }) => delta),
      [{ type: 'input_json_delta', partial_json: '{}' }],
    );
    assert.deepEqual(contentOf(call('f', []))[0]?.['input'], {});
  });

  test('X-06, X-07: every call is a closed block, and any call ends the turn for tools', () => {
    const parts = answer([...text('ok'), ...call('f', ['{}']), ...call('g', [])]);
    const events = stream(parts);
    const indices = (type: string) =>
      events.filter((event) => event['type'] === type).map(({ index }) => index);
    assert.deepEqual(indices('content_block_start'), [0, 1, 2]);
    assert.deepEqual(indices('content_block_stop'), [0, 1, 2]);
    assert.equal(accumulate(events)['stop_reason'], 'tool_use');
    assert.equal(whole(parts)['stop_reason'], 'tool_use');
    assert.equal(whole(answer(text('ok'), 'tool_calls'))['stop_reason'], 'end_turn');
  });

  test('X-29: a finish without usage still closes, with an estimate', () => {
    const parts = answer(text('Hello')).filter(({ type }) => type !== 'usage');
    const events = stream(parts);
    assert.equal(events.at(-1)?.['type'], 'message_stop');
    assert.equal(asObject(events.at(-2)?.['usage'])['output_tokens'], 2);
  });

  test('X-30, X-35: without a finish nothing is closed; an error ends it; one start only', () => {
    const [start, ...parts] = answer(text('He'));
    const cut = parts.filter(({ type }) => type !== 'finish');
    const types = (events: JsonObject[]) => events.map(({ type }) => type);
    assert.deepEqual(types(stream([start!, start!, ...cut])).slice(-1), ['content_block_stop']);
    const error = { type: 'error' as const, message: 'x', kind: undefined };
    assert.deepEqual(types(stream([start!, error, ...parts])), ['message_start']);
  });

  test('X-61: an answer without content is a message with an empty list', () => {
    const empty = whole(answer([], 'content_filter'));
    assert.deepEqual(empty['content'], []);
    assert.equal(empty['stop_reason'], 'refusal');
    assert.deepEqual(empty['stop_details'], {
      type: 'refusal',
      category: null,
      explanation: null,
    });
  });

  test('every reason in the words of this API', () => {
    const rows: [FinishReason, string][] = [
      ['stop_sequence', 'stop_sequence'],
      ['length', 'max_tokens'],
      ['context_exceeded', 'model_context_window_exceeded'],
      ['refusal', 'refusal'],
      ['pause', 'end_turn'],
      ['compaction', 'compaction'],
      ['other', 'end_turn'],
      ['malformed', 'end_turn'],
    ];
    for (const [reason, word] of rows) {
      assert.equal(whole(answer(text('a'), reason))['stop_reason'], word);
    }
  });

  test('each cited span is a block of its own', () => {
    const citation = {
      start: 1,
      end: 3,
      url: 'https://a.b',
      title: 'T',
      citedText: undefined,
      native: undefined,
    };
    const [opening, ...rest] = text('a😀bc');
    const parts = [
      opening!,
      rest[0]!,
      { type: 'citation' as const, choice, citation },
      ...rest.slice(1),
    ];
    const location = {
      type: 'web_search_result_location',
      url: 'https://a.b',
      title: 'T',
      cited_text: '',
      encrypted_index: 'sbx1',
    };
    assert.deepEqual(contentOf(parts), [
      { type: 'text', text: 'a' },
      { type: 'text', text: '😀b', citations: [location] },
      { type: 'text', text: 'c' },
    ]);
    assert.deepEqual(asObjects(accumulate(stream(answer(parts)))['content']), [
      { type: 'text', text: 'a😀bc', citations: [location] },
    ]);
  });

  test('a web search is a pair, an image is words', () => {
    const head: BlockHead = {
      type: 'server_tool',
      block: {
        type: 'server_tool',
        tool: 'web_search',
        id: 'ws_1',
        query: 'q',
        results: [{ title: 'T', url: 'https://a.b' }],
        output: undefined,
        native: { dialect: 'openai-responses', raw: [] },
      },
    };
    const image: BlockHead = { type: 'image', mime: 'image/png', base64: 'AAAA' };
    const content = contentOf([...block(head, []), ...block(image, [])]);
    assert.deepEqual(
      content.map(({ type }) => type),
      ['server_tool_use', 'web_search_tool_result', 'text'],
    );
    assert.equal(content[0]?.['id'], content[1]?.['tool_use_id']);
    assert.match(String(content[0]?.['id']), /^srvtoolu_sbx1[A-Za-z0-9_]+$/);
    assert.deepEqual(content[0]?.['input'], { query: 'q' });
  });
});

describe('messages answer encoder: reasoning', () => {
  const thought = (signature?: Signature) =>
    block({ type: 'reasoning', kind: 'summary' }, ['hm'], signature);

  test('X-16: words, then exactly one signature, before the end of the block', () => {
    const events = stream(answer(thought(GOOGLE)));
    assert.deepEqual(
      events.slice(1, -2).map(({ type, delta }) => asObject(delta)['type'] ?? type),
      ['content_block_start', 'thinking_delta', 'signature_delta', 'content_block_stop'],
    );
  });

  test('X-19: a client that did not ask sees no words; where it has tools it keeps the state', () => {
    const tool = { name: 'f', input_schema: {} };
    const reasoning = undefined;
    assert.deepEqual(contentOf(thought(GOOGLE), { reasoning }), []);
    assert.deepEqual(contentOf(thought(), { reasoning, tools: [tool as never] }), []);
    assert.deepEqual(contentOf(thought(GOOGLE), { reasoning, tools: [tool as never] }), [
      { type: 'thinking', thinking: '', signature: sealSignature(GOOGLE) },
    ]);
  });

  test('X-15, X-83: state of a call goes before it, of a text behind it, and both come back', () => {
    const parts = [
      ...block({ type: 'text' }, ['words'], GOOGLE),
      ...call('f', ['{"a":1}'], { ...GOOGLE, value: 'other' }),
    ];
    const content = contentOf(parts);
    assert.deepEqual(
      content.map(({ type }) => type),
      ['text', 'thinking', 'thinking', 'tool_use'],
    );
    assert.deepEqual(asObjects(accumulate(stream(answer(parts)))['content']), content);
    const turn = { role: 'assistant' as const, blocks: decodeBlocks(content, 'assistant') };
    const [back] = keepOwnReasoning([turn], GOOGLE);
    assert.deepEqual(
      back?.blocks.map((each) => [each.type, 'signature' in each && each.signature?.value]),
      [
        ['text', 'AbC+/='],
        ['tool_call', 'other'],
      ],
    );
  });

  test('Responses state stands in its own block and comes back as it was', () => {
    const signature: Signature = {
      ...GOOGLE,
      dialect: 'openai-responses',
      family: 'gpt',
      kind: 'summary+enc',
      value: '{"id":"rs_1","encrypted_content":"gAAA"}',
    };
    const [back] = decodeBlocks(contentOf(thought(signature)), 'assistant');
    assert.deepEqual(back, { type: 'reasoning', kind: 'summary', text: 'hm', signature });
  });
});

describe('messages answer encoder: properties', () => {
  const words = fc.array(fc.string({ minLength: 1, unit: 'binary' }), { maxLength: 4 });
  const signed = fc
    .base64String({ minLength: 4 })
    .map((value): Signature => ({ ...GOOGLE, value }));
  const signature = fc.option(signed, { nil: undefined });
  const cut = (json: string, places: number[]) => {
    const cuts = [...new Set(places.map((place) => place % (json.length + 1)))].sort(
      (a, b) => a - b,
    );
    return [0, ...cuts].map((from, index) => json.slice(from, cuts[index]));
  };
  const args = fc.dictionary(fc.string(), fc.jsonValue()).map((object) => JSON.stringify(object));
  const pieces = fc
    .tuple(args, fc.array(fc.nat(), { maxLength: 3 }))
    .map(([json, places]) => cut(json, places));
  // Who signs calls sends their arguments in one piece.
  const calls = fc.oneof(
    fc.tuple(fc.string(), pieces).map(([name, deltas]) => call(name, deltas)),
    fc.tuple(fc.string(), args, signed).map(([name, json, sig]) => call(name, [json], sig)),
  );
  const blocks = fc.array(
    fc.oneof(
      fc.tuple(words, signature).map(([deltas, sig]) => block({ type: 'text' }, deltas, sig)),
      fc
        .tuple(words, signature)
        .map(([deltas, sig]) => block({ type: 'reasoning', kind: 'summary' }, deltas, sig)),
      words.map((deltas) => block({ type: 'refusal' }, deltas)),
      calls,
    ),
    { maxLength: 5 },
  );

  test('a streamed answer adds up to the whole one', () => {
    fc.assert(
      fc.property(blocks, (parts) => {
        const all = answer(parts.flat());
        assert.deepEqual(accumulate(stream(all)), whole(all));
      }),
    );
  });

  test('usage adds up, and is read back as far as this API can hold it', () => {
    const counts = fc.tuple(...TOKEN_BUCKETS.map(() => fc.nat({ max: 1e6 })));
    fc.assert(
      fc.property(counts, (numbers) => {
        const usage = createTokenUsage();
        for (const [index, bucket] of TOKEN_BUCKETS.entries()) {
          usage.tokens[bucket] = numbers[index] ?? 0;
        }
        const wire = encodeUsage(usage, undefined);
        const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = wire;
        assert.equal(
          Number(input_tokens) +
            Number(cache_read_input_tokens) +
            Number(cache_creation_input_tokens),
          totalInput(usage.tokens),
        );
        const back = readMessageUsage({ usage: wire });
        assert.equal(back?.anomaly, false);
        assert.deepEqual(encodeUsage(back!, undefined), wire);
      }),
    );
  });
});
