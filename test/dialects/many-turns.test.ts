import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { createLosses } from '../../src/dialects/losses.ts';
import { capsOf } from '../../src/dialects/model-caps.ts';

const TARGETS: readonly DialectId[] = [
  'openai-responses',
  'anthropic-messages',
  'google-generate-content',
];

const first = { role: 'user', content: 'Hi' };
const callOf = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const resultOf = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'done' });
const list = <Item>(length: number, item: (index: number) => Item) =>
  Array.from({ length }, (_, index) => item(index));

/** Conversations that a client can make as long as it likes, by what there are many of. */
const CONVERSATIONS: Record<string, (count: number) => JsonObject[]> = {
  'messages of the user': (count) => list(count, () => first),
  answers: (count) => [first, ...list(count, () => ({ role: 'assistant', content: 'Yes' }))],
  instructions: (count) => [first, ...list(count, () => ({ role: 'system', content: 'Go on' }))],
  'calls in one answer': (count) => [
    first,
    { role: 'assistant', tool_calls: list(count, (index) => callOf(`c${index}`)) },
    ...list(count, (index) => resultOf(`c${index}`)),
  ],
  'calls of one id': (count) => [
    first,
    { role: 'assistant', tool_calls: list(count, () => callOf('c')) },
    ...list(count, () => resultOf('c')),
  ],
  'calls in answers of their own': (count) => [
    first,
    ...list(count, (index) => ({ role: 'assistant', tool_calls: [callOf(`c${index}`)] })),
    ...list(count, (index) => resultOf(`c${index}`)),
  ],
};

const toolOf = (name: string) => ({ type: 'function', name });
const searchOf = (index: number) => ({
  type: 'tool_search_output',
  call_id: null,
  execution: 'server',
  tools: [toolOf(`g${index}`)],
});
const additionOf = (index: number) => ({
  type: 'tool_addition',
  tool: {
    type: 'tool_definition',
    definition: { name: `g${index}`, input_schema: { type: 'object' } },
  },
});

/** Requests whose messages bring along tools, by how they do it. */
const ADDED_TOOLS: Record<string, [DialectId, (count: number) => JsonObject]> = {
  'tools of one item': [
    'openai-responses',
    (count) => ({
      tools: list(count, (index) => toolOf(`f${index}`)),
      input: [{ type: 'additional_tools', tools: list(count, (index) => toolOf(`g${index}`)) }],
    }),
  ],
  'items with a tool each': [
    'openai-responses',
    (count) => ({
      tools: list(count, (index) => toolOf(`f${index}`)),
      input: list(count, (index) => ({ type: 'additional_tools', tools: [toolOf(`g${index}`)] })),
    }),
  ],
  'tools that were found': ['openai-responses', (count) => ({ input: list(count, searchOf) })],
  'tools that messages define': [
    'anthropic-messages',
    (count) => ({ messages: [first, { role: 'user', content: list(count, additionOf) }] }),
  ],
};

/** In milliseconds of the processor, which other processes do not add to. */
function timeTranslation(body: JsonObject, surface: DialectId, upstream: DialectId): number {
  const before = process.cpuUsage();
  const request = dialects[surface].decodeRequest(body, { stream: true });
  const losses = createLosses({ isStrict: false, model: 'm', dialect: upstream });
  const caps = capsOf(upstream, 'm');
  dialects[upstream].encodeRequest(request, { model: 'm', caps, family: 'm', losses });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function expectLinear(time: (count: number) => number): void {
  time(200);
  const few = time(4_000);
  // The better of two: what collects garbage or compiles meanwhile is counted too.
  const many = Math.min(time(16_000), time(16_000));
  // Below the first figure there is more noise than time.
  assert.ok(many < 10 * Math.max(few, 50), `${few} ms, then ${many} ms`);
}

describe('a long conversation', () => {
  for (const upstream of TARGETS) {
    for (const [what, conversation] of Object.entries(CONVERSATIONS)) {
      test(`SEC-6: four times the ${what} take ${upstream} well under ten times as long`, () => {
        expectLinear((count) =>
          timeTranslation({ model: 'm', messages: conversation(count) }, 'openai-chat', upstream),
        );
      });
    }
  }

  for (const upstream of TARGETS) {
    test(`SEC-6: four times the tools take ${upstream} well under ten times as long`, () => {
      const bodyOf = (count: number) => ({
        model: 'm',
        messages: [first],
        tools: list(count, (index) => ({ type: 'function', function: { name: `f${index}` } })),
      });
      // Many more than there are turns, as comparing them costs less.
      expectLinear((count) => timeTranslation(bodyOf(3 * count), 'openai-chat', upstream));
    });
  }

  for (const [what, [surface, bodyOf]] of Object.entries(ADDED_TOOLS)) {
    test(`SEC-6: four times the ${what} take well under ten times as long`, () => {
      expectLinear((count) =>
        timeTranslation({ model: 'm', ...bodyOf(3 * count) }, surface, 'google-generate-content'),
      );
    });
  }

  for (const upstream of [...TARGETS, 'openai-chat'] as const) {
    test(`SEC-6: four times the allowed tools take ${upstream} well under ten times as long`, () => {
      const bodyOf = (count: number) => {
        const names = list(count, (index) => toolOf(`f${index}`));
        return {
          model: 'm',
          input: 'Hi',
          tools: names,
          tool_choice: { type: 'allowed_tools', mode: 'required', tools: names },
        };
      };
      expectLinear((count) => timeTranslation(bodyOf(3 * count), 'openai-responses', upstream));
    });
  }

  test('SEC-6: four times the calls that Gemini’s clients left without an id take well under ten times as long', () => {
    const contentsOf = (count: number) => [
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'model', parts: list(count, () => ({ functionCall: { name: 'f', args: {} } })) },
      {
        role: 'user',
        parts: list(count, () => ({ functionResponse: { name: 'f', response: {} } })),
      },
    ];
    expectLinear((count) =>
      timeTranslation(
        { contents: contentsOf(count) },
        'google-generate-content',
        'anthropic-messages',
      ),
    );
  });
});
