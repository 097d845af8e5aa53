import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createTokenUsage } from '../../../src/core/token-usage.ts';
import { createStopEmulation } from '../../../src/dialects/ir/emulate-stop.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import type { Finish, StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { checkGrammar } from '../../support/check-grammar.ts';

const START: StreamPart = { type: 'start', id: 'a', model: 'm', createdAt: 1 };
const USAGE: StreamPart = { type: 'usage', usage: createTokenUsage(), tier: undefined };
const DONE: Finish = { reason: 'stop', stopSequence: undefined, raw: 'stop', detail: undefined };

function textParts(pieces: readonly string[], choice = 0): StreamPart[] {
  return [
    { type: 'block_start', choice, block: { type: 'text' } },
    ...pieces.map((text): StreamPart => ({ type: 'delta', choice, text })),
    { type: 'block_end', choice },
  ];
}

function run(stops: string[], parts: readonly StreamPart[]): StreamPart[] {
  const step = createStopEmulation(stops);
  return [...parts.flatMap((part) => step.push(part)), ...step.end()];
}

function finished(choice = 0): StreamPart {
  return { type: 'finish', choice, finish: DONE };
}

/** The text up to the first place where it ends with a stop string, searched letter by letter. */
function searchSimply(text: string, stops: readonly string[]): { text: string; stop?: string } {
  for (let end = 1; end <= text.length; end += 1) {
    const found = stops
      .filter((stop) => text.slice(0, end).endsWith(stop))
      .sort((a, b) => b.length - a.length)[0];
    if (found !== undefined) return { text: text.slice(0, end - found.length), stop: found };
  }
  return { text };
}

describe('createStopEmulation', () => {
  test('any text in any pieces ends as if it had been searched whole', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n', '😀'), maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 8 }),
        fc.array(
          letters.filter((stop) => stop !== ''),
          { minLength: 1, maxLength: 4 },
        ),
        (pieces, stops) => {
          const parts = run(stops, [START, ...textParts(pieces), finished(), USAGE]);
          checkGrammar(parts);
          const [choice] = foldParts(parts).choices;
          const expected = searchSimply(pieces.join(''), stops);
          assert.equal(choice?.blocks[0]?.text, expected.text);
          assert.equal(choice?.finish.stopSequence, expected.stop);
          assert.equal(
            choice?.finish.reason,
            expected.stop === undefined ? 'stop' : 'stop_sequence',
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('text that cannot begin a stop string is not held back', () => {
    const step = createStopEmulation(['END', '\n\nHuman:']);
    step.push({ type: 'block_start', choice: 0, block: { type: 'text' } });
    const push = (text: string) =>
      step
        .push({ type: 'delta', choice: 0, text })
        .map((part) => (part.type === 'delta' ? part.text : part.type));
    assert.deepEqual(push('Hello E'), ['Hello ']);
    assert.deepEqual(push('N'), []);
    assert.deepEqual(push('ough\n'), ['ENough']);
    assert.deepEqual(push('\nHum'), []);
    assert.deepEqual(push('an: no'), ['block_end', 'finish']);
  });

  test('what follows the stop is swallowed, usage and pings are not', () => {
    const parts = run(
      ['X'],
      [
        START,
        ...textParts(['aX', 'b']),
        { type: 'block_start', choice: 0, block: { type: 'refusal' } },
        { type: 'block_end', choice: 0 },
        { type: 'ping' },
        finished(),
        USAGE,
      ],
    );
    assert.deepEqual(
      parts.map(({ type }) => type),
      ['start', 'block_start', 'delta', 'block_end', 'finish', 'ping', 'usage'],
    );
  });

  test('each choice stops for itself', () => {
    const parts = run(['X'], [START, ...textParts(['aX'], 1), ...textParts(['b'], 0), finished(0)]);
    const [first, second] = foldParts(parts).choices;
    assert.equal(first?.blocks[0]?.text, 'b');
    assert.equal(first?.finish.reason, 'stop');
    assert.equal(second?.blocks[0]?.text, 'a');
    assert.deepEqual(second?.finish, {
      reason: 'stop_sequence',
      stopSequence: 'X',
      raw: undefined,
      detail: undefined,
    });
  });

  test('reasoning, arguments and refusals are not searched', () => {
    const others: StreamPart[] = (['reasoning', 'refusal'] as const).flatMap((type) => [
      {
        type: 'block_start',
        choice: 0,
        block: type === 'refusal' ? { type } : { type, kind: 'raw' },
      },
      { type: 'delta', choice: 0, text: 'aXb' },
      { type: 'block_end', choice: 0 },
    ]);
    const parts = [START, ...others, finished()];
    assert.deepEqual(run(['X'], parts), parts);
  });

  test('log probabilities come with the text of their piece', () => {
    const [logprobs, more] = [[{ token: 'a' }], [{ token: 'E' }]];
    const parts = run(
      ['END'],
      [
        START,
        { type: 'block_start', choice: 0, block: { type: 'text' } },
        { type: 'delta', choice: 0, text: 'E', logprobs },
        { type: 'delta', choice: 0, text: 'a', logprobs: more },
        { type: 'block_end', choice: 0 },
        finished(),
      ],
    );
    assert.deepEqual(
      parts.filter(({ type }) => type === 'delta'),
      [{ type: 'delta', choice: 0, text: 'Ea', logprobs: [...logprobs, ...more] }],
    );
  });

  test('an error is passed on, unless every choice had been stopped', () => {
    const error: StreamPart = { type: 'error', message: 'm', kind: undefined };
    assert.equal(run(['X'], [START, ...textParts(['a']), error]).at(-1), error);
    assert.equal(run(['X'], [START, ...textParts(['aX']), error]).includes(error), false);
  });

  test('text held back when the stream is cut comes out', () => {
    const parts = run(['END'], [START, ...textParts(['aE']).slice(0, -1)]);
    assert.equal(foldParts(parts).choices[0]?.blocks[0]?.text, 'aE');
    checkGrammar(parts, { cut: true });
  });

  test('without stop strings everything passes', () => {
    const parts = [START, ...textParts(['a', 'b']), finished(), USAGE];
    assert.deepEqual(run([''], parts), parts);
  });
});
