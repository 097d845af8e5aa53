import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { openaiCompletions } from '../../../src/dialects/openai-completions.ts';
import { createEventSplitter } from '../../../src/dialects/stream-events.ts';
import { feedTap } from '../../support/feed-tap.ts';
import { nonzeroTokens } from '../../support/nonzero-tokens.ts';

const chunk = (delta: object, finish_reason: string | null = null, index = 0) => ({
  object: 'chat.completion.chunk',
  choices: [{ index, delta, finish_reason }],
  usage: null,
});
const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };

describe('chat stream tap', () => {
  test('content starts with the first delta that holds something', () => {
    const opening = [
      chunk({ role: 'assistant', content: '', refusal: null }),
      chunk({ content: null, tool_calls: [] }),
    ];
    assert.equal(feedTap(openaiChat, ...opening).contentBytes, 0);
    const deltas: [delta: object, bytes: number][] = [
      [{ content: 'é' }, 2],
      [{ reasoning_content: 'hm' }, 2],
      [{ reasoning: 'hm' }, 2],
      [{ refusal: 'no' }, 2],
      [{ tool_calls: [{ index: 0, function: { name: 'get', arguments: '' } }] }, 3],
      [{ tool_calls: [{ index: 0, function: { arguments: '{}' } }] }, 2],
      [{ tool_calls: [{ index: 0, custom: { input: 'ls' } }] }, 2],
      [{ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] }, 2],
      [{ audio: { transcript: 'hey', data: 'UklGRg==' } }, 3],
    ];
    for (const [delta, bytes] of deltas) {
      assert.equal(feedTap(openaiChat, ...opening, chunk(delta)).contentBytes, bytes);
    }
  });

  test('BUD-6: reasoning that is sent under several names is counted once', () => {
    const twice: object[] = [
      { reasoning: 'hm', reasoning_content: 'hm' },
      { reasoning_content: 'hm', reasoning: 'hm' },
      { reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] },
      { reasoning: '', reasoning_content: 'hm' },
      { reasoning: null, reasoning_content: 'hm' },
    ];
    for (const delta of twice) {
      const events = [chunk(delta), chunk(delta), chunk({ ...delta, content: 'a' })];
      assert.equal(feedTap(openaiChat, ...events).contentBytes, 7, JSON.stringify(delta));
    }
    const list = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    assert.equal(feedTap(openaiChat, chunk({ content: list })).contentBytes, 2);
  });

  test('BUD-6: of two names the one that begins to say something counts from then on', () => {
    const empty = chunk({ reasoning: '', reasoning_content: '' });
    const said = chunk({ reasoning: '', reasoning_content: 'hm' });
    assert.equal(feedTap(openaiChat, empty, said, empty, said).contentBytes, 4);
  });

  test('FAI-6: a choice that begins behind the finish of another is not finished', () => {
    const begun = [chunk({ content: 'a' }), chunk({}, 'stop'), chunk({ content: 'b' }, null, 1)];
    assert.equal(feedTap(openaiChat, ...begun).finished, false);
    assert.equal(feedTap(openaiChat, ...begun, chunk({}, 'stop', 1)).finished, true);
  });

  test('a line that reads [DONE] and is no data ends nothing', () => {
    const tap = openaiChat.createStreamTap();
    const splitter = createEventSplitter('sse');
    for (const event of splitter.push(Buffer.from('[DONE]\n\n: x\n[DONE]\n\ndata: [DON\n\n'))) {
      tap.push(event);
      assert.equal(tap.reading.terminal, false);
    }
    for (const event of splitter.push(Buffer.from('data: [DONE]\n\n'))) tap.push(event);
    assert.equal(tap.reading.terminal, true);
  });

  test('the text of a cited page is not content', () => {
    const annotations = [{ type: 'url_citation', url_citation: { content: 'a whole page' } }];
    assert.equal(feedTap(openaiChat, chunk({ content: '', annotations })).contentBytes, 0);
  });

  test('content that looks like protocol changes nothing', () => {
    const content =
      '","usage":{"prompt_tokens":9},"finish_reason":"stop","error":{"message":"x"},"';
    const reading = feedTap(openaiChat, chunk({ content }));
    assert.equal(reading.usage, null);
    assert.equal(reading.finished, false);
    assert.equal(reading.error, null);
  });

  test('the last usage counts, wherever it comes', () => {
    const later = { prompt_tokens: 5, completion_tokens: 3 };
    const reading = feedTap(
      openaiChat,
      { choices: [], usage },
      { choices: [], usage: later },
      chunk({ content: 'x' }),
      '[DONE]',
    );
    assert.deepEqual(nonzeroTokens(reading.usage), { inText: 5, outText: 3 });
    assert.deepEqual(reading.providerUsage, later);
    for (const event of [
      { choices: [], x_groq: { id: 'req_1', usage } },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] },
      `{ "choices" : [] , "usage" :\n{"prompt_tokens":5,"completion_tokens":2} }`,
    ]) {
      const { usage: read } = feedTap(openaiChat, event);
      assert.deepEqual(nonzeroTokens(read), { inText: 5, outText: 2 });
    }
  });

  test('X-29: a finish reason without usage or [DONE] is a finished stream all the same', () => {
    const reading = feedTap(openaiChat, chunk({ content: 'x' }), chunk({}, 'stop'));
    assert.deepEqual([reading.finished, reading.terminal, reading.usage], [true, false, null]);
  });

  test('FAI-6: without finish reason and [DONE] the stream is neither finished nor terminal', () => {
    const reading = feedTap(openaiChat, chunk({ content: 'x' }), chunk({}, ''));
    assert.deepEqual([reading.finished, reading.terminal], [false, false]);
    assert.equal(feedTap(openaiChat, '[DONE]').terminal, true);
  });

  test('X-26: several choices are finished only together', () => {
    const both = [chunk({ content: 'a' }), chunk({ content: 'b' }, null, 1)];
    assert.equal(feedTap(openaiChat, ...both, chunk({}, 'stop')).finished, false);
    // an upstream may repeat the reason.
    const repeated = [chunk({}, 'stop'), chunk({}, 'stop')];
    assert.equal(feedTap(openaiChat, ...both, ...repeated).finished, false);
    const last = chunk({}, 'length', 1);
    assert.equal(feedTap(openaiChat, ...both, ...repeated, last).finished, true);
  });

  test('X-31: an error object inside a 200 stream is an error', () => {
    const errors: [event: object, message: string, type: string | undefined][] = [
      [{ error: { message: 'Boom', type: 'server_error', code: 'x' } }, 'Boom', 'server_error'],
      [{ error: { message: 'Gone', code: 502 } }, 'Gone', '502'],
      [{ error: 'Boom' }, 'Boom', undefined],
      [{ object: 'error', message: 'Boom', type: 'BadRequestError' }, 'Boom', 'BadRequestError'],
    ];
    for (const [event, message, type] of errors) {
      assert.deepEqual(feedTap(openaiChat, event).error, { message, type });
    }
    const broken = { ...chunk({}, 'error'), error: { message: 'Provider disconnected' } };
    const reading = feedTap(openaiChat, chunk({ content: 'x' }), broken);
    assert.equal(reading.error?.message, 'Provider disconnected');
    assert.equal(reading.finished, false);
    for (const error of [null, '', false, []]) {
      assert.equal(feedTap(openaiChat, { choices: [], error }).error, null);
    }
  });
});

describe('completions stream tap', () => {
  test('reads text, finish reason and usage', () => {
    const reading = feedTap(
      openaiCompletions,
      { choices: [{ text: 'hi', index: 0, logprobs: null, finish_reason: null }] },
      { choices: [{ text: '', index: 0, finish_reason: 'length' }], usage },
      '[DONE]',
    );
    assert.deepEqual([reading.contentBytes, reading.finished, reading.terminal], [2, true, true]);
    assert.deepEqual(nonzeroTokens(reading.usage), { inText: 5, outText: 2 });
  });
});
