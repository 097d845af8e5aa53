import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { createTokenUsage } from '../../../src/core/token-usage.ts';
import { googleGenerateContentDialect as dialect } from '../../../src/dialects/google-generate-content/dialect.ts';
import type { Signature } from '../../../src/dialects/ir/chat-request.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import type { BlockHead, FinishReason, StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { stringifyWire } from '../../../src/dialects/raw-json.ts';
import { openSignature } from '../../../src/dialects/reasoning-envelope.ts';
import {
  answerTarget,
  block,
  decodeStream,
  decodeTurns,
  decodeWhole,
  encodeStream,
  finish,
  partsOf,
  SILENT,
  START,
  streamTexts,
} from './google-kit.ts';

const TEXT: BlockHead = { type: 'text' };
const THOUGHT: BlockHead = { type: 'reasoning', kind: 'summary' };
const call = (name: string, id = ''): BlockHead => ({
  type: 'tool_call',
  id,
  name,
  kind: 'function',
});

const claudeState: Signature = {
  dialect: 'anthropic-messages',
  family: 'claude',
  kind: 'sig',
  value: 'abc+/=',
  target: 'self',
};
const signed = (fields: Partial<Signature> = {}) => ({
  type: 'signature',
  signature: { ...claudeState, ...fields },
});

function usage(): StreamPart {
  const used = createTokenUsage();
  Object.assign(used.tokens, { inText: 3, outText: 5, reasoning: 2 });
  return { type: 'usage', usage: used, tier: 'default' };
}

function encodeWhole(parts: StreamPart[], target = answerTarget()): JsonObject {
  return JSON.parse(stringifyWire(dialect.encodeResponse(foldParts(parts), target)));
}

function stateIn(part: JsonObject | undefined): Signature | null {
  return openSignature(String(part?.['thoughtSignature'] ?? ''));
}

describe('a stream for a Gemini client', () => {
  test('every event is an answer, the last one has reason, usage and a part', () => {
    const answers = encodeStream([START, ...block(TEXT, 'Hel', 'lo'), usage(), finish('stop')]);
    const head = { modelVersion: 'claude-sonnet-4-5', responseId: '01ABCDEFGH' };
    const candidate = (text: string, fields: object = {}) => [
      { index: 0, content: { role: 'model', parts: [{ text }] }, ...fields },
    ];
    assert.deepEqual(answers, [
      { candidates: candidate('Hel'), ...head },
      { candidates: candidate('lo'), ...head },
      {
        candidates: candidate('', { finishReason: 'STOP' }),
        usageMetadata: {
          promptTokenCount: 3,
          candidatesTokenCount: 5,
          thoughtsTokenCount: 2,
          totalTokenCount: 10,
          promptTokensDetails: [{ modality: 'TEXT', tokenCount: 3 }],
          candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: 5 }],
          serviceTier: 'standard',
        },
        ...head,
      },
    ]);
  });

  test('a call is one part, when its arguments are whole (X-01)', () => {
    const parts = block(call('f', 'toolu_1'), '{"n":', '12345678901234567890}');
    const events = streamTexts([START, ...parts, finish('tool_calls')]);
    assert.equal(events.length, 2);
    const expected =
      '{"functionCall":{"id":"toolu_1","name":"f","args":{"n":12345678901234567890}}}';
    assert.ok(events[0]?.includes(expected));
    assert.ok(events[1]?.includes('"finishReason":"STOP"'));
  });

  test('a call without arguments has an empty object, one without an id none', () => {
    const [part] = partsOf(encodeStream([START, ...block(call('f')), finish('tool_calls')]));
    assert.deepEqual(part, { functionCall: { name: 'f', args: {} } });
  });

  test('without `alt=sse` the events are the elements of one array', () => {
    const parts = [START, ...block(TEXT, 'a', 'b'), finish('stop')];
    const texts = streamTexts(parts, answerTarget({}, 'json-array'));
    assert.match(texts[0] ?? '', /^\[\{/);
    assert.match(texts[1] ?? '', /^,\n\{/);
    assert.equal(texts.at(-1), '\n]');
    assert.deepEqual(JSON.parse(texts.join('')), encodeStream(parts));
  });

  test('a stream that breaks off gets no end (X-30)', () => {
    const broken: StreamPart = { type: 'error', message: 'x', kind: undefined };
    assert.equal(streamTexts([START, ...block(TEXT, 'a'), finish('stop'), broken]).length, 1);
    const cut = answerTarget({}, 'json-array');
    assert.equal(streamTexts([START, ...block(TEXT, 'a')], cut).length, 1);
  });

  test('an answer without anything still has a candidate with a part (X-61)', () => {
    const answers = encodeStream([START, finish('content_filter', { detail: 'why' })]);
    assert.deepEqual(answers[0]?.['candidates'], [
      {
        index: 0,
        content: { role: 'model', parts: [{ text: '' }] },
        finishReason: 'SAFETY',
        finishMessage: 'why',
      },
    ]);
  });

  test('each choice is a candidate with its own index (X-26)', () => {
    const second = block(TEXT, 'b').map((part) => ({ ...part, choice: 1 }) as StreamPart);
    const parts = [START, ...block(TEXT, 'a'), ...second, finish('stop'), finish('length', {}, 1)];
    const candidates = encodeStream(parts).flatMap((each) => asObjects(each['candidates']));
    assert.deepEqual(
      candidates.map(({ index, finishReason }) => [index, finishReason]),
      [
        [0, undefined],
        [1, undefined],
        [0, 'STOP'],
        [1, 'MAX_TOKENS'],
      ],
    );
  });

  const reasons: [reason: FinishReason, raw: string | undefined, word: string][] = [
    ['stop', 'end_turn', 'STOP'],
    ['stop_sequence', undefined, 'STOP'],
    ['tool_calls', undefined, 'STOP'],
    ['pause', undefined, 'STOP'],
    ['compaction', undefined, 'STOP'],
    ['length', undefined, 'MAX_TOKENS'],
    ['context_exceeded', undefined, 'MAX_TOKENS'],
    ['content_filter', 'content_filter', 'SAFETY'],
    ['content_filter', 'RECITATION', 'RECITATION'],
    ['refusal', undefined, 'SAFETY'],
    ['malformed', undefined, 'MALFORMED_FUNCTION_CALL'],
    ['malformed', 'UNEXPECTED_TOOL_CALL', 'UNEXPECTED_TOOL_CALL'],
    ['other', undefined, 'OTHER'],
  ];
  for (const [reason, raw, word] of reasons) {
    test(`${reason} (${raw}) is ${word}, always there (X-62)`, () => {
      const [candidate] = asObjects(encodeWhole([START, finish(reason, { raw })])['candidates']);
      assert.equal(candidate?.['finishReason'], word);
    });
  }

  test('citations are grounding, in bytes of their part', () => {
    const text = 'Wärme: 21 °C 🌞 today.';
    const citation = (start: number, end: number, url: string | undefined) => ({
      type: 'citation',
      citation: { start, end, url, title: 'T', citedText: undefined, native: undefined },
    });
    const parts = [
      START,
      ...block(TEXT, 'First.'),
      ...block(call('f'), '{}'),
      ...block(TEXT, text, citation(7, 14, 'https://a.example'), citation(0, 5, undefined)),
      finish('stop'),
    ];
    const [candidate] = asObjects(encodeWhole(parts)['candidates']);
    const written = asObjects(asObject(candidate?.['content'])['parts']);
    const { segment } = asObjects(
      asObject(candidate?.['groundingMetadata'])['groundingSupports'],
    )[0] as { segment: { partIndex: number; startIndex: number; endIndex: number; text: string } };
    const bytes = Buffer.from(String(written[segment.partIndex]?.['text']));
    assert.equal(bytes.toString('utf8', segment.startIndex, segment.endIndex), '21 °C 🌞');
    assert.equal(segment.text, '21 °C 🌞');
    const streamed = encodeStream(parts).at(-1);
    assert.deepEqual(
      asObjects(streamed?.['candidates'])[0]?.['groundingMetadata'],
      candidate?.['groundingMetadata'],
    );
  });
});

describe('state on its way through a Gemini client', () => {
  const thoughts = block(THOUGHT, 'Let me see.', signed());

  test('thoughts that were asked for carry their own', () => {
    const parts = [START, ...thoughts, ...block(TEXT, 'Hello'), finish('stop')];
    const [candidate] = asObjects(encodeWhole(parts)['candidates']);
    const [thought, ...rest] = asObjects(asObject(candidate?.['content'])['parts']);
    assert.deepEqual([thought?.['text'], thought?.['thought']], ['Let me see.', true]);
    assert.deepEqual(stateIn(thought), claudeState);
    assert.deepEqual(rest, [{ text: 'Hello' }]);
  });

  test('thoughts that were not asked for are not shown, and their state rides on the next part', () => {
    const parts = [START, ...thoughts, ...block(call('f'), '{}'), finish('tool_calls')];
    const written = partsOf(encodeStream(parts, answerTarget(SILENT)));
    assert.doesNotMatch(JSON.stringify(written), /Let me see/);
    assert.equal(asObject(written[0]?.['functionCall'])['name'], 'f');
    assert.deepEqual(stateIn(written[0]), { ...claudeState, target: 'next' });
  });

  test('Google’s own goes back as it is', () => {
    const own = signed({ dialect: 'google-generate-content', family: 'gemini', value: 'AY+/==' });
    const [part] = partsOf(encodeStream([START, ...block(call('f'), '{}', own), finish('stop')]));
    assert.equal(part?.['thoughtSignature'], 'AY+/==');
  });

  /** Everything that a client of this API may have to bring back, and in which order. */
  const histories: [name: string, parts: StreamPart[], expected: unknown[]][] = [
    ['thinking before a call', [...thoughts, ...block(call('f'), '{}')], ['sig:abc+/=', 'f']],
    ['thinking before a text', [...thoughts, ...block(TEXT, 'Hel', 'lo')], ['sig:abc+/=', 'Hello']],
    [
      'two thoughts before one call',
      [
        ...thoughts,
        ...block({ type: 'reasoning', kind: 'redacted' }, signed({ kind: 'redacted', value: 'r' })),
        ...block(call('f'), '{}'),
      ],
      ['sig:abc+/=', 'redacted:r', 'f'],
    ],
    ['thinking and nothing else', thoughts, ['sig:abc+/=']],
    ['thinking behind a text', [...block(TEXT, 'Hi'), ...thoughts], ['Hi', 'sig:abc+/=']],
    ['no thinking', block(TEXT, 'Hi'), ['Hi']],
  ];
  for (const [name, parts, expected] of histories) {
    for (const [client, target] of [
      ['a client that asked for thoughts', answerTarget()],
      ['one that did not', answerTarget(SILENT)],
    ] as const) {
      test(`${name}: ${client} brings back what it got, streamed or whole`, () => {
        const all = [START, ...parts, finish('stop')];
        const contents = encodeStream(all, target).map(
          (each) => asObject(asObjects(each['candidates'])[0])['content'] as object,
        );
        const [candidate] = asObjects(encodeWhole(all, target)['candidates']);
        assert.deepEqual(essenceOf(contents), expected);
        assert.deepEqual(essenceOf([candidate?.['content'] as object]), expected);
      });
    }
  }

  function essenceOf(contents: object[]): unknown[] {
    const [, turn] = decodeTurns(...contents);
    return (turn?.blocks ?? []).map((each) => {
      if (each.type === 'reasoning') return `${each.signature?.kind}:${each.signature?.value}`;
      return each.type === 'tool_call' ? each.name : 'text' in each && each.text;
    });
  }
});

describe('answers that this dialect can hold', () => {
  const words = fc.string({ minLength: 1, unit: 'grapheme' });
  const head = fc.oneof(
    fc.constant(TEXT),
    fc.constant(THOUGHT),
    fc.constantFrom('f', 'g').map((name) => call(name, `id_${name}`)),
  );
  const anyBlock = fc
    .tuple(head, fc.array(words, { minLength: 1, maxLength: 4 }))
    .map(([of, pieces]) =>
      of.type === 'tool_call' ? block(of, JSON.stringify({ pieces })) : block(of, ...pieces),
    );
  const anyAnswer = fc
    .tuple(fc.array(anyBlock, { maxLength: 5 }), fc.constantFrom('length', 'content_filter'))
    .map(([blocks, reason]) => [START, ...blocks.flat(), finish(reason as FinishReason)]);

  test('come back the same, streamed or whole', () => {
    fc.assert(
      fc.property(anyAnswer, (parts) => {
        const whole = essence(decodeWhole(encodeWhole(parts)));
        assert.deepEqual(essence(decodeStream(encodeStream(parts))), whole);
        assert.deepEqual(whole, essence(parts));
      }),
    );
  });

  /** Neighbours of one kind are one block here. */
  function essence(parts: StreamPart[]) {
    const blocks: [type: string, text: string][] = [];
    for (const { head: of, text } of foldParts(parts).choices[0]?.blocks ?? []) {
      const last = blocks.at(-1);
      if (of.type !== 'tool_call' && last?.[0] === of.type) last[1] += text;
      else blocks.push([of.type, text]);
    }
    return [blocks, foldParts(parts).choices[0]?.finish.reason];
  }
});
