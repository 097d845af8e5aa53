import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Block, ChatRequest, Turn } from '../../../src/dialects/ir/chat-request.ts';
import type { ChatResponse } from '../../../src/dialects/ir/chat-response.ts';
import { hasWords } from '../../../src/dialects/ir/empty-text.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import type { BlockHead, StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { openaiChatDialect as dialect } from '../../../src/dialects/openai-chat/dialect.ts';
import {
  answerSource,
  answerTarget,
  assistant,
  block,
  call,
  decode,
  decodeEvents,
  encode,
  encodeStream,
  finish,
  result,
  START,
  text,
  user,
} from './chat-kit.ts';

const word = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const name = fc.stringMatching(/^[a-z_]{1,12}$/);
const json = fc
  .dictionary(word, fc.oneof(word, fc.integer(), fc.boolean()))
  .map((value) => JSON.stringify(value));

describe('a request that the dialect can hold', () => {
  const image: fc.Arbitrary<Block> = word.map((content) => ({
    type: 'image',
    source: { kind: 'base64', mime: 'image/png', base64: Buffer.from(content).toString('base64') },
    detail: undefined,
    cache: undefined,
  }));
  const words = word.map(text);
  const round: fc.Arbitrary<Turn[]> = fc
    .record({
      asked: fc.array(fc.oneof(words, image), { minLength: 1, maxLength: 3 }),
      said: words,
      calls: fc.uniqueArray(fc.tuple(name, json, word), { maxLength: 3, selector: ([id]) => id }),
    })
    .map(({ asked, said, calls }) => [
      user(...asked),
      assistant(said, ...calls.map(([id, args]) => call(id, args))),
      ...(calls.length === 0 ? [] : [user(...calls.map(([id, , told]) => result(id, text(told))))]),
    ]);
  const request: fc.Arbitrary<Partial<ChatRequest>> = fc
    .record({
      // White space instructs nobody, so no dialect sends it.
      system: fc.array(
        words.filter((block) => hasWords(block)),
        { maxLength: 1 },
      ),
      rounds: fc.array(round, { minLength: 1, maxLength: 3 }),
      last: words,
      stop: fc.array(word, { maxLength: 4 }),
      n: fc.integer({ min: 1, max: 4 }),
      maxTokens: fc.option(fc.integer({ min: 1 }), { nil: undefined }),
      temperature: fc.option(fc.double({ min: 0, max: 2, noNaN: true }), { nil: undefined }),
    })
    .map(({ rounds, last, maxTokens, temperature, ...rest }) => ({
      ...rest,
      turns: [...rounds.flat(), user(last)],
      output: { ...decode().output, maxTokens },
      sampling: { ...decode().sampling, temperature },
    }));

  test('is decoded from what it was encoded as', () => {
    fc.assert(
      fc.property(request, (fields) => {
        const { body, warnings } = encode(fields, { slug: 'gpt-4.1' });
        assert.deepEqual(warnings, []);
        const again = decode(body);
        for (const field of Object.keys(fields) as (keyof ChatRequest)[]) {
          assert.deepEqual(again[field], fields[field]);
        }
      }),
    );
  });
});

describe('a stream and a whole answer say the same', () => {
  const head = fc.oneof(
    fc.constant<BlockHead>({ type: 'reasoning', kind: 'raw' }),
    fc.constant<BlockHead>({ type: 'text' }),
    fc
      .tuple(name, name)
      .map(
        ([id, called]): BlockHead => ({ type: 'tool_call', id, name: called, kind: 'function' }),
      ),
  );
  const piece = fc.tuple(head, fc.array(word, { maxLength: 3 }), json);
  const parts: fc.Arbitrary<StreamPart[]> = fc
    .uniqueArray(piece, {
      minLength: 1,
      maxLength: 5,
      // No answer holds two calls of one id.
      selector: ([each, words]) =>
        each.type === 'tool_call' ? `call ${each.id}` : JSON.stringify([each.type, words]),
    })
    .map((pieces) => [
      START,
      ...pieces.flatMap(([each, words, args]) =>
        each.type === 'tool_call' ? block(each, args) : block(each, ...words),
      ),
      finish(pieces.some(([each]) => each.type === 'tool_call') ? 'tool_calls' : 'stop'),
    ]);

  const comparable = ({ id, model, choices }: ChatResponse) => ({
    id,
    model,
    choices: choices.map(({ blocks, finish: { reason } }) => ({
      reason,
      reasoning: blocks.map((each) => (each.head.type === 'reasoning' ? each.text : '')).join(''),
      text: blocks.map((each) => (each.head.type === 'text' ? each.text : '')).join(''),
      calls: blocks.flatMap((each) =>
        each.head.type === 'tool_call' ? [[each.head, each.text]] : [],
      ),
    })),
  });

  test('as this dialect writes and reads them', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const chunks = encodeStream(given).map((chunk) =>
          typeof chunk === 'string' ? chunk : JSON.stringify(chunk),
        );
        const streamed = foldParts(decodeEvents(chunks));
        const body = dialect.encodeResponse(foldParts(given), answerTarget());
        const whole = foldParts(dialect.decodeResponse(body, answerSource()));
        assert.deepEqual(comparable(streamed), comparable(whole));
        assert.deepEqual(comparable(whole).choices, comparable(foldParts(given)).choices);
      }),
    );
  });
});
