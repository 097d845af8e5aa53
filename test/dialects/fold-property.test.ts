import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createTokenUsage } from '../../src/core/token-usage.ts';
import type { AnswerTarget, DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import type { Signature } from '../../src/dialects/ir/chat-request.ts';
import { foldParts } from '../../src/dialects/ir/fold-parts.ts';
import type { BlockHead, FinishReason, StreamPart } from '../../src/dialects/ir/stream-part.ts';
import { stringifyWire } from '../../src/dialects/raw-json.ts';
import type { Framing } from '../../src/dialects/stream-events.ts';
import { DIALECT_IDS } from '../support/dialect-upstreams.ts';
import { meaningOf, readStream, readWhole, sourceOf } from '../support/read-stream.ts';
import { FAMILY, recordedStreams, wholeOf } from '../support/recorded-streams.ts';
import { requestOf } from './ir/conversation.ts';

/** A client that wants to see everything. */
function targetOf(framing: Framing): AnswerTarget {
  let minted = 0;
  return {
    request: {
      ...requestOf([]),
      reasoning: { mode: 'auto', effort: undefined, budget: undefined, expose: 'summary' },
      includeUsage: true,
    },
    body: { reasoning: { summary: 'auto' } },
    inputEstimate: 7,
    framing,
    nowSeconds: 1_790_000_000,
    mintId: () => `minted${String(minted++).padStart(18, '0')}`,
  };
}

/** The bytes of the stream, cut where the property wants them cut. */
function cutAt(bytes: Buffer, cuts: readonly number[] | 'everywhere'): Buffer[] {
  const places =
    cuts === 'everywhere'
      ? Array.from(bytes, (_, index) => index)
      : cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
  const edges = [0, ...places, bytes.length];
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
}

function writeStream(dialect: DialectId, parts: readonly StreamPart[], framing: Framing): Buffer {
  const encoder = dialects[dialect].streamEncoder(targetOf(framing));
  const events = parts.flatMap((part) => encoder.push(part));
  return Buffer.from([...events, ...encoder.end()].join(''));
}

function writeWhole(dialect: DialectId, parts: readonly StreamPart[]): Buffer {
  const body = dialects[dialect].encodeResponse(foldParts(parts), targetOf('sse'));
  return Buffer.from(stringifyWire(body));
}

const words = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const pieces = fc.array(words, { minLength: 1, maxLength: 4 });
const args = fc.dictionary(fc.string(), fc.jsonValue()).map((object) => JSON.stringify(object));

function block(head: BlockHead, texts: readonly string[], signature?: Signature): StreamPart[] {
  return [
    { type: 'block_start', choice: 0, block: head },
    ...texts.map((text): StreamPart => ({ type: 'delta', choice: 0, text })),
    ...(signature ? [{ type: 'signature', choice: 0, signature } as const] : []),
    { type: 'block_end', choice: 0 },
  ];
}

/** State such as the provider would send with its reasoning, in the form that its decoder reads. */
function stateOf(dialect: DialectId): fc.Arbitrary<Signature> {
  const forms: Record<DialectId, (state: string) => Pick<Signature, 'kind' | 'value'>> = {
    'openai-chat': (data) => ({
      kind: 'enc',
      value: JSON.stringify([{ type: 'reasoning.encrypted', data, index: 0 }]),
    }),
    'openai-responses': (encrypted_content) => ({
      kind: 'summary+enc',
      value: JSON.stringify({ id: 'rs_1', encrypted_content, summary: [] }),
    }),
    'anthropic-messages': (value) => ({ kind: 'sig', value }),
    'google-generate-content': (value) => ({ kind: 'sig', value }),
  };
  return fc
    .base64String({ minLength: 4, maxLength: 40 })
    .map((state) => ({ ...forms[dialect](state), dialect, family: FAMILY, target: 'self' }));
}

/** Makes the parts of the block that stands there in the answer. */
type MakeBlock = (index: number) => StreamPart[];

/** An answer of a provider of that dialect: thoughts, words and calls in any order. */
function answerOf(dialect: DialectId): fc.Arbitrary<StreamPart[]> {
  const thought: fc.Arbitrary<MakeBlock> = fc
    .tuple(pieces, fc.option(stateOf(dialect), { nil: undefined }))
    .map(
      ([texts, state]) =>
        () =>
          block({ type: 'reasoning', kind: 'summary' }, texts, state),
    );
  const said: fc.Arbitrary<MakeBlock> = pieces.map((texts) => () => block({ type: 'text' }, texts));
  const refused: fc.Arbitrary<MakeBlock> = pieces.map(
    (texts) => () => block({ type: 'refusal' }, texts),
  );
  // Only Google signs calls.
  const signed = dialect === 'google-generate-content' ? stateOf(dialect) : fc.constant(undefined);
  const call: fc.Arbitrary<MakeBlock> = fc
    .tuple(args, fc.nat(), signed)
    .map(([json, place, state]) => (index: number) => {
      const middle = place % (json.length + 1);
      const head = {
        type: 'tool_call',
        id: `call_${index}`,
        name: 'look',
        kind: 'function',
      } as const;
      return block(head, [json.slice(0, middle), json.slice(middle)], state);
    });
  return fc
    .record({
      // Who refuses says nothing else.
      blocks: fc.oneof(
        fc.array(fc.oneof(thought, said, call), { minLength: 1, maxLength: 5 }),
        fc.array(fc.oneof(thought, refused), { minLength: 1, maxLength: 3 }),
      ),
      cut: fc.boolean(),
      inText: fc.nat({ max: 1e6 }),
      cacheReadText: fc.nat({ max: 1e6 }),
      outText: fc.nat({ max: 1e6 }),
      reasoning: fc.nat({ max: 1e6 }),
    })
    .map(({ blocks, cut, ...tokens }) => {
      const said = blocks.flatMap((make, index) => make(index));
      const has = (type: BlockHead['type']) =>
        said.some((part) => part.type === 'block_start' && part.block.type === type);
      const reason = cut ? 'length' : has('refusal') ? 'refusal' : 'stop';
      const usage = createTokenUsage();
      Object.assign(usage.tokens, tokens);
      return [
        { type: 'start', id: 'answer_1234567', model: 'model-1', createdAt: 1_790_000_000 },
        ...said,
        { type: 'usage', usage, tier: undefined },
        finish(has('tool_call') ? 'tool_calls' : reason),
      ];
    });
}

function finish(reason: FinishReason): StreamPart {
  return {
    type: 'finish',
    choice: 0,
    finish: { reason, stopSequence: undefined, raw: undefined, detail: undefined },
  };
}

const cuts = fc.oneof(fc.array(fc.nat(), { maxLength: 8 }), fc.constant('everywhere' as const));

describe('X-34: the fold of a translated stream is the translated answer', () => {
  for (const surface of DIALECT_IDS) {
    for (const upstream of DIALECT_IDS) {
      test(`${upstream} to a client of ${surface}, wherever the bytes are cut`, () => {
        const framing =
          surface === 'google-generate-content'
            ? fc.constantFrom<Framing>('sse', 'json-array')
            : fc.constant<Framing>('sse');
        const property = fc.property(
          answerOf(upstream),
          cuts,
          cuts,
          framing,
          (parts, there, here, framing) => {
            const source = sourceOf(FAMILY);
            const chunks = cutAt(writeStream(upstream, parts, 'sse'), there);
            const streamed = readStream({ dialect: upstream, framing: 'sse', chunks }, source);
            const whole = readWhole(upstream, writeWhole(upstream, parts), source);
            const clientChunks = cutAt(writeStream(surface, streamed, framing), here);
            const client = readStream({ dialect: surface, framing, chunks: clientChunks }, source);
            const plain = readWhole(surface, writeWhole(surface, whole), source);
            // Chat completions have no order between what is thought, said and called.
            const isOrdered = ![surface, upstream].includes('openai-chat');
            assert.deepEqual(meaningOf(client, { isOrdered }), meaningOf(plain, { isOrdered }));
          },
        );
        fc.assert(property, { numRuns: 25 });
      });
    }
  }

  for (const surface of DIALECT_IDS) {
    test(`every recorded stream to a client of ${surface}`, () => {
      const source = sourceOf(FAMILY);
      for (const [index, recorded] of recordedStreams.entries()) {
        const { upstream: dialect, recording } = recorded;
        const { id, bodyBytes } = recording;
        // In the middle of many characters and events, at places that differ with the recording.
        const cuts = Array.from({ length: 40 }, (_, place) => place * 7_919 + index * 104_729);
        const streamed = readStream(
          { dialect, framing: 'sse', chunks: cutAt(bodyBytes, cuts) },
          source,
        );
        const whole = readWhole(dialect, wholeOf(recorded), source);
        const chunks = cutAt(writeStream(surface, streamed, 'sse'), cuts);
        const client = readStream({ dialect: surface, framing: 'sse', chunks }, source);
        const plain = readWhole(surface, writeWhole(surface, whole), source);
        const isOrdered = ![surface, dialect].includes('openai-chat');
        assert.deepEqual(
          { id, ...meaningOf(client, { isOrdered }) },
          { id, ...meaningOf(plain, { isOrdered }) },
        );
      }
    });
  }
});
