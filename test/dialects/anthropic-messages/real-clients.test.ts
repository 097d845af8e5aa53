import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { createTokenUsage } from '../../../src/core/token-usage.ts';
import { anthropicMessagesDialect as dialect } from '../../../src/dialects/anthropic-messages/dialect.ts';
import type { StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { capturesOf } from '../../support/captures.ts';
import { answerTarget, encode, wire } from './messages-kit.ts';

const CLIENTS = ['claude-code', 'opencode', 'qwen-code', 'continue'];

const captured = CLIENTS.flatMap((client) =>
  capturesOf(client)
    .filter(({ url, body }) => url.includes('/messages') && body?.['messages'] !== undefined)
    .map(({ body }, index) => ({ title: `${client} #${index + 1}`, body: body ?? {} })),
);

/** The messages with one of the ways to write the same thing. */
function plain(messages: unknown): JsonObject[] {
  return asObjects(messages).map(({ role, content }) => ({ role, content: plainContent(content) }));
}

function plainContent(content: unknown): JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return asObjects(content).map(({ is_error, ...block }) => ({
    ...block,
    ...(is_error === true && { is_error }),
    ...(block['type'] === 'tool_result' && { content: plainContent(block['content']) }),
  }));
}

describe('messages of real clients', () => {
  test('there are captures', () => assert.ok(captured.length >= 5));

  for (const { title, body } of captured) {
    test(`${title}: messages, system and tools survive decode and encode`, () => {
      const request = dialect.decodeRequest(wire(body), { stream: body['stream'] === true });
      const encoded = encode(request, { slug: 'claude-opus-4-8' }).body;
      assert.deepEqual(plain(encoded['messages']), plain(body['messages']));
      assert.deepEqual(plainContent(encoded['system'] ?? []), plainContent(body['system'] ?? []));
      assert.deepEqual(
        asObjects(encoded['tools']).map(({ name }) => name),
        asObjects(body['tools']).map(({ name }) => name),
      );
      assert.equal(encoded['stream'], body['stream'] === true ? true : undefined);
    });
  }
});

describe('the official client', () => {
  const choice = 0;
  const usage = createTokenUsage();
  Object.assign(usage.tokens, { inText: 7, cacheReadText: 3, outText: 5 });
  const parts: StreamPart[] = [
    { type: 'start', id: 'resp_abcdef', model: 'gpt-5', createdAt: undefined },
    { type: 'block_start', choice, block: { type: 'reasoning', kind: 'summary' } },
    { type: 'delta', choice, text: 'hm' },
    { type: 'block_end', choice },
    { type: 'ping' },
    { type: 'block_start', choice, block: { type: 'text' } },
    { type: 'delta', choice, text: 'Né' },
    { type: 'delta', choice, text: '😀' },
    { type: 'block_end', choice },
    ...['f', 'g'].flatMap((name): StreamPart[] => [
      {
        type: 'block_start',
        choice,
        block: { type: 'tool_call', id: name, name, kind: 'function' },
      },
      ...(name === 'f' ? [{ type: 'delta' as const, choice, text: '{"a":1}' }] : []),
      { type: 'block_end', choice },
    ]),
    {
      type: 'finish',
      choice,
      finish: { reason: 'tool_calls', stopSequence: undefined, raw: undefined, detail: undefined },
    },
    { type: 'usage', usage, tier: undefined },
  ];

  test('reads a streamed answer: thinking, text, two calls, and usage', async () => {
    const encoder = dialect.streamEncoder(answerTarget());
    const body = [...parts.flatMap((part) => encoder.push(part)), ...encoder.end()].join('');
    const client = new Anthropic({
      apiKey: 'k',
      fetch: async () =>
        new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }),
    });
    const message = await client.messages
      .stream({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] })
      .finalMessage();
    assert.deepEqual(
      message.content.map((block) => ({ ...asObject(block) })),
      [
        { type: 'thinking', thinking: 'hm', signature: '' },
        { type: 'text', text: 'Né😀' },
        { type: 'tool_use', id: 'f', name: 'f', input: { a: 1 }, caller: { type: 'direct' } },
        { type: 'tool_use', id: 'g', name: 'g', input: {}, caller: { type: 'direct' } },
      ],
    );
    assert.equal(message.stop_reason, 'tool_use');
    const { input_tokens, cache_read_input_tokens, output_tokens } = message.usage;
    assert.deepEqual([input_tokens, cache_read_input_tokens, output_tokens], [7, 3, 5]);
  });
});
