import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { googleGenerateContentDialect as dialect } from '../../../src/dialects/google-generate-content/dialect.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import type { FinishReason, StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObject } from '../../../src/dialects/json-object.ts';
import { parseWire } from '../../../src/dialects/raw-json.ts';
import { answer, answerSource, decodeStream, decodeWhole, piece } from './google-kit.ts';

const call = (name: string, args: object = {}) => ({ functionCall: { name, args } });

function finishOf(parts: readonly StreamPart[]) {
  return foldParts(parts).choices[0]?.finish;
}

function blocksOf(parts: readonly StreamPart[]) {
  return foldParts(parts).choices[0]?.blocks ?? [];
}

describe('the end of a Gemini answer', () => {
  const words: [word: string | undefined, reason: FinishReason][] = [
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['CONTINUATION', 'length'],
    ...(
      [
        ...['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII'],
        ...['IMAGE_SAFETY', 'IMAGE_PROHIBITED_CONTENT', 'IMAGE_RECITATION'],
      ] as const
    ).map((word): [string, FinishReason] => [word, 'content_filter']),
    ...(
      [
        ...['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'],
        'MALFORMED_RESPONSE',
      ] as const
    ).map((word): [string, FinishReason] => [word, 'malformed']),
    ...(
      [
        ...['OTHER', 'LANGUAGE', 'IMAGE_OTHER', 'NO_IMAGE', 'FINISH_REASON_UNSPECIFIED'],
        'NEVER_HEARD_OF',
      ] as const
    ).map((word): [string, FinishReason] => [word, 'other']),
    [undefined, 'other'],
  ];
  for (const [finishReason, reason] of words) {
    test(`${finishReason} is ${reason}`, () => {
      const finish = finishOf(decodeWhole(answer([{ text: 'a' }], { finishReason })));
      assert.deepEqual([finish?.reason, finish?.raw], [reason, finishReason]);
    });
  }

  test('a call is remembered until the STOP that comes later without content (X-27)', () => {
    const parts = decodeStream([
      piece([call('f')]),
      { candidates: [{ finishReason: 'STOP', index: 0 }], usageMetadata: { promptTokenCount: 3 } },
    ]);
    assert.equal(finishOf(parts)?.reason, 'tool_calls');
    assert.equal(foldParts(parts).usage?.tokens.inText, 3);
  });

  test('a candidate with a reason and no content is an answer (X-61)', () => {
    const parts = decodeWhole({ candidates: [{ finishReason: 'MAX_TOKENS' }] });
    assert.equal(finishOf(parts)?.reason, 'length');
    assert.equal(finishOf(decodeWhole({ candidates: [] }))?.reason, 'other');
  });

  test('a blocked prompt is filtered content with its usage, whatever the reason (X-60, V7)', () => {
    for (const promptFeedback of [{ blockReason: 'SAFETY' }, { blockReason: '' }, {}]) {
      const usageMetadata = { promptTokenCount: 8175, totalTokenCount: 8175 };
      for (const parts of [
        decodeWhole({ promptFeedback, usageMetadata }),
        decodeStream([{ promptFeedback, usageMetadata }]),
      ]) {
        assert.equal(finishOf(parts)?.reason, 'content_filter');
        assert.equal(foldParts(parts).usage?.tokens.inText, 8175);
      }
    }
  });

  test('a stream that is cut has no finish, and its blocks do not end (X-30)', () => {
    const types = decodeStream([piece([{ text: 'Hel' }])]).map(({ type }) => type);
    assert.deepEqual(types, ['start', 'block_start', 'delta']);
  });

  test('an error in the stream ends it (X-31)', () => {
    const error = { code: 503, message: 'overloaded', status: 'UNAVAILABLE' };
    const parts = decodeStream([piece([{ text: 'a' }]), { error }, piece([{ text: 'b' }])]);
    assert.deepEqual(parts.at(-1), { type: 'error', message: 'overloaded', kind: 'UNAVAILABLE' });
  });
});

describe('the blocks of a Gemini answer', () => {
  test('pieces of text and thought make one block each', () => {
    const blocks = blocksOf(
      decodeStream([
        piece([{ text: 'think ', thought: true }]),
        piece([{ text: 'more', thought: true }, { text: 'Hel' }]),
        piece([{ text: 'lo' }]),
        answer([{ text: '' }]),
      ]),
    );
    assert.deepEqual(
      blocks.map(({ head, text }) => [head.type, text]),
      [
        ['reasoning', 'think more'],
        ['text', 'Hello'],
      ],
    );
  });

  test('parallel calls are calls of their own, each whole and in order (X-06)', () => {
    const blocks = blocksOf(decodeStream([answer([call('f', { a: 1 }), call('f'), call('g')])]));
    assert.deepEqual(
      blocks.map(({ head, text }) => [head.type === 'tool_call' && head.name, text]),
      [
        ['f', '{"a":1}'],
        ['f', '{}'],
        ['g', '{}'],
      ],
    );
  });

  test('arguments keep their digits', () => {
    const body =
      '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"n":12345678901234567890,"x":1.0}}}]},"finishReason":"STOP"}]}';
    const [block] = blocksOf(dialect.decodeResponse(parseWire(Buffer.from(body)), answerSource()));
    assert.equal(block?.text, '{"n":12345678901234567890,"x":1.0}');
  });

  test('arguments that come piece by piece are put together', () => {
    const partial = (functionCall: object) => piece([{ functionCall }]);
    const text = (jsonPath: string, stringValue: string) => ({ jsonPath, stringValue });
    const [block] = blocksOf(
      decodeStream([
        partial({ name: 'f', willContinue: true }),
        partial({ partialArgs: [text('$.a.b', 'Hel')], willContinue: true }),
        partial({
          partialArgs: [text('$.a.b', 'lo'), { jsonPath: '$.l[0]', numberValue: 1 }],
          willContinue: true,
        }),
        partial({
          partialArgs: [text('$.__proto__.x', 'y'), { jsonPath: '$.n', nullValue: 'NULL_VALUE' }],
        }),
        answer([]),
      ]),
    );
    const args = asObject(JSON.parse(block?.text ?? ''));
    assert.deepEqual([args['a'], args['l'], args['n']], [{ b: 'Hello' }, [1], null]);
    assert.equal(Object.getPrototypeOf({}).x, undefined);
  });

  test('names come back as the client’s own, custom tools with their free text', () => {
    const source = {
      toolNames: new Map([['_9_lives', '9 lives']]),
      customTools: new Set(['9 lives']),
    };
    const [block] = blocksOf(decodeWhole(answer([call('_9_lives', { input: 'free' })]), source));
    assert.deepEqual(block?.head, { type: 'tool_call', id: '', name: '9 lives', kind: 'custom' });
    assert.equal(block?.text, 'free');
  });

  test('state is the block’s, even where it comes behind it in an empty text (X-15, X-17)', () => {
    const blocks = blocksOf(
      decodeStream([
        piece([{ text: 'a' }]),
        piece([{ text: '', thoughtSignature: 'late' }]),
        piece([{ ...call('f'), thoughtSignature: 'call' }]),
        answer([{ text: '', thoughtSignature: 'alone' }]),
      ]),
    );
    assert.deepEqual(
      blocks.map(({ head, signature }) => [head.type, signature?.value, signature?.target]),
      [
        ['text', 'late', 'self'],
        ['tool_call', 'call', 'self'],
        ['reasoning', 'alone', 'prev'],
      ],
    );
  });

  test('code and its result are one block (X-46)', () => {
    const code = { executableCode: { language: 'PYTHON', code: 'print(1)' } };
    const result = { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } };
    const blocks = blocksOf(
      decodeStream([piece([code]), piece([result]), answer([{ text: '1' }])]),
    );
    assert.deepEqual(
      blocks.map(({ head }) => head.type),
      ['server_tool', 'text'],
    );
  });

  test('each candidate has its own blocks (X-26)', () => {
    const candidate = (index: number, text: string, finishReason?: string) => ({
      index,
      content: { parts: [{ text }] },
      finishReason,
    });
    const { choices } = foldParts(
      decodeStream([
        { candidates: [candidate(1, 'b')] },
        { candidates: [candidate(0, 'a', 'STOP'), candidate(1, 'c', 'MAX_TOKENS')] },
      ]),
    );
    assert.deepEqual(
      choices.map(({ blocks, finish }) => [blocks[0]?.text, finish.reason]),
      [
        ['a', 'stop'],
        ['bc', 'length'],
      ],
    );
  });

  test('bytes of grounding are code points of the text', () => {
    const text = 'Wärme: 21 °C 🌞 today.';
    const cited = '21 °C 🌞';
    const startIndex = Buffer.byteLength('Wärme: ');
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }, { web: { uri: 'b' } }],
      groundingSupports: [
        {
          segment: { startIndex, endIndex: startIndex + Buffer.byteLength(cited), text: cited },
          groundingChunkIndices: [0, 1],
        },
      ],
    };
    const streamed = decodeStream([
      piece([{ text: text.slice(0, 9) }], { groundingMetadata: {} }),
      answer([{ text: text.slice(9) }], { groundingMetadata }),
    ]);
    for (const parts of [streamed, decodeWhole(answer([{ text }], { groundingMetadata }))]) {
      const [block] = blocksOf(parts);
      assert.deepEqual(
        block?.citations.map(({ start, end, url }) => [[...text].slice(start, end).join(''), url]),
        [
          [cited, 'https://a.example'],
          [cited, 'b'],
        ],
      );
    }
  });

  test('log probabilities come with the text', () => {
    const logprobsResult = {
      chosenCandidates: [{ token: 'é', logProbability: -0.5 }],
      topCandidates: [{ candidates: [{ token: 'é', logProbability: -0.5 }] }],
    };
    const [block] = blocksOf(decodeWhole(answer([{ text: 'é' }], { logprobsResult })));
    const token = { token: 'é', logprob: -0.5, bytes: [0xc3, 0xa9] };
    assert.deepEqual(block?.logprobs, [{ ...token, top_logprobs: [token] }]);
  });
});
