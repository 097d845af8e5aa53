import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, Signature } from '../../../src/dialects/ir/chat-request.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import type { StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { openaiChatDialect as dialect } from '../../../src/dialects/openai-chat/dialect.ts';
import { sealSignature } from '../../../src/dialects/reasoning-envelope.ts';
import {
  answerSource,
  answerTarget,
  assistant,
  block,
  call,
  chunksOf,
  decodeChunks,
  decodeMessage,
  decodeTurns,
  deltasOf,
  encodeStream,
  encodeTurns,
  finish,
  START,
  text,
  user,
} from './chat-kit.ts';

const claude = signature({ dialect: 'anthropic-messages', family: 'claude', value: 'sigA==' });
const second = signature({ ...claude, value: 'sigB==' });
const redacted = signature({ ...claude, kind: 'redacted', value: 'blob' });
const gpt = signature({
  dialect: 'openai-responses',
  family: 'gpt',
  kind: 'enc',
  value: '{"id":"rs_1","encrypted_content":"enc"}',
});
const gemini = signature({ dialect: 'google-generate-content', family: 'gemini', value: 'Zw==' });

function signature(
  fields: Partial<Signature> & Pick<Signature, 'dialect' | 'family' | 'value'>,
): Signature {
  return { kind: 'sig', target: 'self', ...fields };
}

function signed(value: Signature) {
  return { type: 'signature', signature: value };
}

/** What a client has of an answer: whole, and as the fold of a stream. */
function messagesOf(parts: StreamPart[]): JsonObject[] {
  const body = dialect.encodeResponse(foldParts(parts), answerTarget());
  const [choice] = asObjects(body['choices']);
  const streamed: JsonObject = { role: 'assistant', content: '' };
  const details: JsonObject[] = [];
  const calls: JsonObject[] = [];
  for (const delta of deltasOf(encodeStream(parts))) {
    streamed['content'] = `${streamed['content']}${delta['content'] ?? ''}`;
    streamed['reasoning_content'] =
      `${streamed['reasoning_content'] ?? ''}${delta['reasoning_content'] ?? ''}`;
    details.push(...asObjects(delta['reasoning_details']));
    for (const { index, function: fn, ...call } of asObjects(delta['tool_calls'])) {
      const known = calls[Number(index)] ?? { function: { arguments: '' } };
      calls[Number(index)] = known;
      Object.assign(known, call);
      const { name, arguments: args } = asObject(fn);
      const body = asObject(known['function']);
      if (name) body['name'] = name;
      body['arguments'] = `${body['arguments']}${args ?? ''}`;
    }
  }
  if (calls.length > 0) streamed['tool_calls'] = calls;
  return [asObject(choice?.['message']), { ...streamed, reasoning_details: details }];
}

/** The assistant's turn that a client's history holds, after it echoed the answer. */
function echoes(parts: StreamPart[]): Block[][] {
  return messagesOf(parts).map((message) => decodeTurns({ ...message })[0]?.blocks ?? []);
}

describe('foreign state travels through a client and comes back as it was', () => {
  const reasoning = { type: 'reasoning', kind: 'summary' } as const;
  const thought = (words: string, value: Signature): Block => ({
    ...reasoning,
    text: words,
    signature: value,
  });
  const answer = block({ type: 'text' }, 'ok');
  const CALL = { type: 'tool_call', id: 'id_f', name: 'f', kind: 'function' } as const;

  const travels: [title: string, parts: StreamPart[], blocks: Block[]][] = [
    [
      'Anthropic’s thinking',
      [...block(reasoning, 'hm', signed(claude)), ...answer],
      [thought('hm', claude), text('ok')],
    ],
    [
      'X-18: a signature without words, and redacted thinking',
      [
        ...block(reasoning, signed(claude)),
        ...block({ type: 'reasoning', kind: 'redacted' }, signed(redacted)),
        ...answer,
      ],
      [
        thought('', claude),
        { type: 'reasoning', kind: 'redacted', text: '', signature: redacted },
        text('ok'),
      ],
    ],
    [
      'each of several blocks of thinking with its own words',
      [
        ...block(reasoning, 'one', signed(claude)),
        ...block(reasoning, 'two', signed(second)),
        ...answer,
      ],
      [thought('one', claude), thought('two', second), text('ok')],
    ],
    [
      'Responses’ encrypted reasoning',
      [...block(reasoning, 'sum', signed(gpt)), ...answer],
      [thought('sum', gpt), text('ok')],
    ],
    [
      'X-15: Google’s signature of a call',
      [...block(CALL, '{}', signed(gemini)), ...block({ ...CALL, id: 'id_g', name: 'g' }, '{}')],
      [{ ...call('f'), signature: gemini }, call('g')],
    ],
    [
      'Google’s signature of a text',
      block({ type: 'text' }, 'ok', signed(gemini)),
      [{ ...text('ok'), signature: gemini }],
    ],
  ];
  for (const [title, parts, blocks] of travels) {
    test(title, () => {
      const [whole, streamed] = echoes([START, ...parts, finish('stop')]);
      assert.deepEqual(whole, blocks);
      assert.deepEqual(streamed, blocks);
    });
  }

  test('its place is an item of reasoning_details, and Google’s own member of a call', () => {
    const [message] = messagesOf([
      START,
      ...block(CALL, '{}', signed(gemini)),
      finish('tool_calls'),
    ]);
    assert.deepEqual(message?.['reasoning_details'], [
      {
        type: 'reasoning.encrypted',
        data: sealSignature({ ...gemini, target: 'next' }),
        index: 0,
        id: 'id_f',
      },
    ]);
    assert.deepEqual(asObjects(message?.['tool_calls'])[0]?.['extra_content'], {
      google: { thought_signature: 'Zw==' },
    });
  });

  test('each streamed piece of a signed call has its function, which the AI SDK asks for', () => {
    const parts = [START, ...block(CALL, '{}', signed(gemini)), finish('tool_calls')];
    const pieces = deltasOf(encodeStream(parts)).flatMap((delta) => asObjects(delta['tool_calls']));
    assert.ok(pieces.some((piece) => 'extra_content' in piece));
    assert.deepEqual(
      pieces.filter((piece) => !('function' in piece)),
      [],
    );
  });

  const equivalents: [title: string, message: object, blocks: Block[]][] = [
    [
      'LiteLLM’s thinking_blocks',
      {
        content: 'ok',
        reasoning_content: 'hm',
        thinking_blocks: [
          { type: 'thinking', thinking: 'hm', signature: 'sigA==' },
          { type: 'redacted_thinking', data: 'blob' },
        ],
      },
      [
        thought('hm', claude),
        { type: 'reasoning', kind: 'redacted', text: '', signature: redacted },
        text('ok'),
      ],
    ],
    [
      'OpenRouter’s reasoning_details',
      {
        content: 'ok',
        reasoning_details: [
          {
            type: 'reasoning.text',
            text: 'hm',
            signature: 'sigA==',
            format: 'anthropic-claude-v1',
          },
        ],
      },
      [thought('hm', claude), text('ok')],
    ],
    [
      'Google’s own extra_content',
      {
        tool_calls: [
          {
            id: 'id_f',
            function: { name: 'f', arguments: '{}' },
            extra_content: { google: { thought_signature: 'Zw==' } },
          },
        ],
      },
      [{ ...call('f'), signature: gemini }],
    ],
    [
      'LiteLLM’s provider_specific_fields',
      {
        content: 'ok',
        provider_specific_fields: { thought_signatures: ['Zw=='] },
      },
      [{ ...text('ok'), signature: gemini }],
    ],
    [
      'words alone',
      { content: 'ok', reasoning_content: 'hm' },
      [{ type: 'reasoning', kind: 'raw', text: 'hm', signature: undefined }, text('ok')],
    ],
    [
      'state of unknown origin is no state',
      { content: 'ok', reasoning_details: [{ type: 'reasoning.encrypted', data: '???' }] },
      [text('ok')],
    ],
  ];
  for (const [title, message, blocks] of equivalents) {
    test(`is read from ${title}`, () => {
      assert.deepEqual(decodeTurns({ role: 'assistant', ...message })[0]?.blocks, blocks);
    });
  }
});

describe('state of a chat completions upstream', () => {
  const items = [
    { type: 'reasoning.text', text: 'h', format: 'anthropic-claude-v1', index: 0 },
    { type: 'reasoning.text', text: 'm', format: 'anthropic-claude-v1', index: 0 },
    { type: 'reasoning.text', signature: 'sigA==', format: 'anthropic-claude-v1', index: 0 },
  ];
  const own = { family: 'claude' };
  const history = (blocks: Block[]) => [user(text('go')), assistant(...blocks), user(text('and?'))];

  test('OpenRouter’s items are put together and go back as they are', () => {
    const deltas = items.map((item) => ({ reasoning: item.text, reasoning_details: [item] }));
    const parts = decodeChunks(chunksOf([...deltas, { content: 'ok' }]), answerSource(own));
    const [first] = foldParts(parts).choices[0]?.blocks ?? [];
    assert.equal(first?.text, 'hm');
    const block: Block = {
      type: 'reasoning',
      kind: 'raw',
      text: 'hm',
      signature: first?.signature,
    };
    const slug = 'anthropic/claude-opus-4.5';
    const [, message] = encodeTurns(history([block, text('ok')]), { slug });
    assert.deepEqual(message?.['reasoning_details'], [
      { ...items[0], text: 'hm', signature: 'sigA==' },
    ]);
    const [, other] = encodeTurns(history([block, text('ok')]), { slug: 'gpt-5.4' });
    assert.deepEqual(other, { role: 'assistant', content: 'ok' });
  });

  test('Google’s compatible API gets its signature of a call back', () => {
    const extra_content = { google: { thought_signature: 'Zw==' } };
    const tool_calls = [
      { id: 'id_f', type: 'function', function: { name: 'f', arguments: '{}' }, extra_content },
    ];
    const parts = decodeMessage({ tool_calls }, 'tool_calls', answerSource({ family: 'gemini' }));
    const given = foldParts(parts).choices[0]?.blocks[0]?.signature;
    const signed = { ...call('f'), signature: given };
    const [, message] = encodeTurns(history([signed]), { slug: 'gemini-3-pro' });
    assert.deepEqual(message?.['tool_calls'], tool_calls);
    const [, other] = encodeTurns(history([signed]), { slug: 'gpt-5.4' });
    assert.equal(asObjects(other?.['tool_calls'])[0]?.['extra_content'], undefined);
  });

  test('X-19: reasoning is never the visible text; DeepSeek gets it back in its own member', () => {
    const block: Block = { type: 'reasoning', kind: 'raw', text: 'hm', signature: undefined };
    const [, message] = encodeTurns(history([block, text('ok')]), { slug: 'deepseek-reasoner' });
    assert.deepEqual(message, { role: 'assistant', content: 'ok', reasoning_content: 'hm' });
    const [, other] = encodeTurns(history([block, text('ok')]), { slug: 'gpt-5.4' });
    assert.deepEqual(other, { role: 'assistant', content: 'ok' });
  });
});
