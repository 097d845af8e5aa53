import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { createTokenUsage, TOKEN_BUCKETS } from '../../../src/core/token-usage.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import type { StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { openaiChatDialect as dialect } from '../../../src/dialects/openai-chat/dialect.ts';
import { encodeChatUsage } from '../../../src/dialects/openai-chat/encode-usage.ts';
import { readChatUsage } from '../../../src/dialects/openai-chat/usage.ts';
import { answerTarget, block, deltasOf, encodeStream, finish, START } from './chat-kit.ts';

const CALL = { type: 'tool_call', id: 'toolu_1', name: 'f', kind: 'function' } as const;
const usage = createTokenUsage();
Object.assign(usage.tokens, {
  inText: 12,
  cacheReadText: 500,
  cacheWrite5m: 2000,
  outText: 30,
  reasoning: 60,
});
const USAGE: StreamPart = { type: 'usage', usage, tier: 'default' };

function encodeWhole(parts: readonly StreamPart[], target = answerTarget()): JsonObject {
  return dialect.encodeResponse(foldParts(parts), target);
}

/** The message and finish reason of the first choice. */
function choiceOf(parts: readonly StreamPart[], target = answerTarget()) {
  const [choice] = asObjects(encodeWhole(parts, target)['choices']);
  return { message: asObject(choice?.['message']), reason: choice?.['finish_reason'] };
}

describe('encodeResponse', () => {
  test('the envelope', () => {
    const {
      choices: _choices,
      usage: _usage,
      ...envelope
    } = encodeWhole([START, ...block({ type: 'text' }, 'x'), USAGE, finish('stop')]);
    assert.deepEqual(envelope, {
      id: 'chatcmpl-01ABCDEFGH',
      object: 'chat.completion',
      created: 1_790_000_000,
      model: 'claude-sonnet-4-5',
      service_tier: 'default',
    });
  });

  test('a picture is an item of `images`, whole and streamed, and never in the text', () => {
    const picture = { type: 'image', mime: 'image/png', base64: 'aGk=' } as const;
    const parts = [START, ...block({ type: 'text' }, 'Look'), ...block(picture), finish('stop')];
    const images = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } }];
    const { message } = choiceOf(parts);
    assert.deepEqual([message['content'], message['images']], ['Look', images]);
    const deltas = deltasOf(encodeStream(parts));
    assert.equal(deltas.map((delta) => delta['content'] ?? '').join(''), 'Look');
    assert.deepEqual(
      deltas.flatMap((delta) => delta['images'] ?? []),
      images,
    );
  });

  test('text, reasoning and calls have places of their own', () => {
    const { message, reason } = choiceOf([
      START,
      ...block({ type: 'reasoning', kind: 'summary' }, 'hm'),
      ...block({ type: 'text' }, 'a'),
      ...block(CALL, '{"a":', '1}'),
      ...block({ type: 'text' }, 'b'),
      finish('tool_calls'),
    ]);
    assert.deepEqual(message, {
      role: 'assistant',
      content: 'ab',
      refusal: null,
      reasoning_content: 'hm',
      tool_calls: [
        { id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
      ],
    });
    assert.equal(reason, 'tool_calls');
  });

  const contents: [title: string, parts: StreamPart[], members: object][] = [
    [
      'calls alone have no content',
      [...block(CALL), finish('tool_calls')],
      { content: null, refusal: null },
    ],
    ['an empty answer has an empty content', [finish('stop')], { content: '', refusal: null }],
    [
      'a refusal',
      [...block({ type: 'refusal' }, 'no'), finish('refusal')],
      { content: null, refusal: 'no' },
    ],
    [
      'a refusal that only the finish tells of',
      [finish('refusal', 0, 'unsafe')],
      { content: null, refusal: 'unsafe' },
    ],
    ['and one that says nothing', [finish('refusal')], { content: null, refusal: '' }],
  ];
  for (const [title, parts, members] of contents) {
    test(`${title}`, () => {
      const { content, refusal } = choiceOf([START, ...parts]).message;
      assert.deepEqual({ content, refusal }, members);
    });
  }

  const reasons = {
    stop: 'stop',
    stop_sequence: 'stop',
    length: 'length',
    context_exceeded: 'length',
    tool_calls: 'tool_calls',
    content_filter: 'content_filter',
    refusal: 'content_filter',
    pause: 'stop',
    compaction: 'stop',
    malformed: 'stop',
    other: 'stop',
  } as const;
  test('X-62: every reason has a word', () => {
    for (const [reason, word] of Object.entries(reasons)) {
      const parts = [
        START,
        ...block({ type: 'text' }, 'x'),
        finish(reason as keyof typeof reasons),
      ];
      assert.equal(choiceOf(parts).reason, word);
    }
  });

  test('an answer that is empty for no reason is an upstream’s failure', () => {
    assert.throws(() => encodeWhole([START, finish('other')]), { status: 502 });
    assert.throws(() => encodeWhole([START, finish('malformed')]), { status: 502 });
  });

  test('offsets of citations count from the start of the message', () => {
    const citation = {
      type: 'citation',
      citation: {
        start: 0,
        end: 2,
        url: 'https://a.test',
        title: undefined,
        citedText: undefined,
        native: undefined,
      },
    };
    const { message } = choiceOf([
      START,
      ...block({ type: 'text' }, '👋 '),
      ...block({ type: 'text' }, 'ab', citation),
      finish('stop'),
    ]);
    assert.deepEqual(message['annotations'], [
      {
        type: 'url_citation',
        url_citation: { start_index: 2, end_index: 4, title: '', url: 'https://a.test' },
      },
    ]);
  });

  test('reasoning that the client does not want is left out', () => {
    const reasoning = {
      mode: 'auto',
      effort: undefined,
      budget: undefined,
      expose: 'none',
    } as const;
    const parts = [
      START,
      ...block({ type: 'reasoning', kind: 'summary' }, 'hm'),
      ...block({ type: 'text' }, 'x'),
      finish('stop'),
    ];
    const { message } = choiceOf(parts, answerTarget({ reasoning }));
    assert.deepEqual(message, { role: 'assistant', content: 'x', refusal: null });
  });

  test('a call without an id gets a fresh one', () => {
    const { message } = choiceOf([START, ...block({ ...CALL, id: '' }), finish('tool_calls')]);
    assert.match(String(asObjects(message['tool_calls'])[0]?.['id']), /^call_minted\d{18}$/);
  });
});

describe('usage', () => {
  test('cached and written tokens are slices of the prompt', () => {
    const { prompt_tokens, completion_tokens, total_tokens, ...details } = encodeChatUsage(usage);
    assert.deepEqual([prompt_tokens, completion_tokens, total_tokens], [2512, 90, 2602]);
    const prompt = asObject(details['prompt_tokens_details']);
    assert.deepEqual([prompt['cached_tokens'], prompt['cache_write_tokens']], [500, 2000]);
    assert.equal(asObject(details['completion_tokens_details'])['reasoning_tokens'], 60);
  });

  test('what the dialect can hold is read back as it was written', () => {
    const held = [
      'inText',
      'inAudio',
      'inImage',
      'inVideo',
      'cacheReadText',
      'cacheWrite30m',
      'outText',
      'outAudio',
      'outImage',
      'reasoning',
    ] as const;
    fc.assert(
      fc.property(
        fc.array(fc.nat(1e6), { minLength: held.length, maxLength: held.length }),
        (counts) => {
          const given = createTokenUsage();
          for (const [index, bucket] of held.entries()) given.tokens[bucket] = counts[index] ?? 0;
          assert.deepEqual(readChatUsage({ usage: encodeChatUsage(given) })?.tokens, given.tokens);
        },
      ),
    );
  });

  test('the total is the sum of both directions, whatever the buckets', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: TOKEN_BUCKETS.length }), (counts) => {
        const given = createTokenUsage();
        for (const [index, bucket] of TOKEN_BUCKETS.entries())
          given.tokens[bucket] = counts[index] ?? 0;
        const { prompt_tokens, completion_tokens, total_tokens } = encodeChatUsage(given);
        assert.equal(total_tokens, Number(prompt_tokens) + Number(completion_tokens));
        assert.equal(
          total_tokens,
          Object.values(given.tokens).reduce((sum, count) => sum + count),
        );
      }),
    );
  });
});

describe('streamEncoder', () => {
  const turn = [
    START,
    ...block({ type: 'reasoning', kind: 'summary' }, 'hm'),
    ...block({ type: 'text' }, 'a', 'b'),
    ...block(CALL, '{"a":', '1}'),
    ...block({ ...CALL, id: 'toolu_2', name: 'g' }),
    finish('tool_calls'),
    USAGE,
  ];

  test('role first, calls opened before their arguments, the finish last and once', () => {
    const chunks = encodeStream(turn);
    const fn = (index: number, body: object) => ({ tool_calls: [{ index, function: body }] });
    assert.deepEqual(deltasOf(chunks), [
      { role: 'assistant', content: '' },
      { reasoning_content: 'hm' },
      { content: 'a' },
      { content: 'b' },
      {
        tool_calls: [
          { index: 0, id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '' } },
        ],
      },
      fn(0, { arguments: '{"a":' }),
      fn(0, { arguments: '1}' }),
      {
        tool_calls: [
          { index: 1, id: 'toolu_2', type: 'function', function: { name: 'g', arguments: '' } },
        ],
      },
      {},
    ]);
    const reasons = chunks.flatMap((chunk) =>
      typeof chunk === 'string'
        ? []
        : asObjects(chunk['choices']).map((choice) => choice['finish_reason']),
    );
    assert.deepEqual(reasons, [...Array(8).fill(null), 'tool_calls']);
    assert.equal(chunks.at(-1), '[DONE]');
  });

  test('X-23: every chunk has the same head', () => {
    const heads = encodeStream(turn).flatMap((chunk) => {
      if (typeof chunk === 'string') return [];
      const { choices: _choices, ...head } = chunk;
      return [JSON.stringify(head)];
    });
    assert.deepEqual(
      [...new Set(heads)].map((head) => JSON.parse(head)),
      [
        {
          id: 'chatcmpl-01ABCDEFGH',
          object: 'chat.completion.chunk',
          created: 1_790_000_000,
          model: 'claude-sonnet-4-5',
        },
      ],
    );
  });

  test('X-85: usage is a chunk of its own, only for who asked', () => {
    const chunks = encodeStream(turn, answerTarget({ includeUsage: true }));
    const [last, done] = chunks.slice(-2);
    assert.equal(done, '[DONE]');
    assert.deepEqual(asObject(last)['choices'], []);
    assert.equal(asObject(asObject(last)['usage'])['prompt_tokens'], 2512);
    assert.ok(chunks.slice(0, -2).every((chunk) => asObject(chunk)['usage'] === null));
    assert.ok(encodeStream(turn).every((chunk) => !Object.hasOwn(asObject(chunk), 'usage')));
  });

  test('X-30: a stream without its finish, or with an error, is not closed as if it were whole', () => {
    const cut = [START, ...block({ type: 'text' }, 'a')];
    const error: StreamPart = { type: 'error', message: 'over', kind: undefined };
    for (const parts of [cut, [...cut, error], [...cut, finish('stop'), error]]) {
      assert.notEqual(encodeStream(parts).at(-1), '[DONE]');
    }
  });

  test('X-26: each choice has its index, its role and its finish', () => {
    const other = block({ type: 'text' }, 'b').map(
      (part) => ({ ...part, choice: 1 }) as StreamPart,
    );
    const parts = [
      START,
      ...block({ type: 'text' }, 'a'),
      ...other,
      finish('stop'),
      finish('length', 1),
    ];
    const choices = encodeStream(parts).flatMap((chunk) => asObjects(asObject(chunk)['choices']));
    assert.deepEqual(
      choices.map(({ index, delta, finish_reason }) => [index, delta, finish_reason]),
      [
        [0, { role: 'assistant', content: '' }, null],
        [0, { content: 'a' }, null],
        [1, { role: 'assistant', content: '' }, null],
        [1, { content: 'b' }, null],
        [0, {}, 'stop'],
        [1, {}, 'length'],
      ],
    );
  });

  test('the OpenAI SDK makes of it what the whole answer says', async () => {
    const lines = encodeStream(turn, answerTarget({ includeUsage: true }))
      .filter((chunk) => typeof chunk !== 'string')
      .map((chunk) => `${JSON.stringify(chunk)}\n`);
    const stream = new ReadableStream({
      start(controller) {
        for (const line of lines) controller.enqueue(new TextEncoder().encode(line));
        controller.close();
      },
    });
    const completion = await ChatCompletionStream.fromReadableStream(stream).finalChatCompletion();
    const [choice] = completion.choices;
    assert.equal(choice?.message.content, 'ab');
    assert.equal(choice?.finish_reason, 'tool_calls');
    assert.deepEqual(
      choice?.message.tool_calls?.map(
        (call) =>
          call.type === 'function' && [call.id, call.function.name, call.function.arguments],
      ),
      [
        ['toolu_1', 'f', '{"a":1}'],
        ['toolu_2', 'g', ''],
      ],
    );
    assert.equal(completion.usage?.total_tokens, 2602);
  });
});
