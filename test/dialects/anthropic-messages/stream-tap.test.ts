import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import { feedTap } from '../../support/feed-tap.ts';
import { nonzeroTokens } from '../../support/nonzero-tokens.ts';

const start = (usage: object) => ({
  type: 'message_start',
  message: { id: 'msg_1', model: 'claude', content: [], stop_reason: null, usage },
});
const delta = (delta: object) => ({ type: 'content_block_delta', index: 0, delta });
const end = (usage: object | null, stop_reason = 'end_turn') => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null },
  usage,
});
const stop = { type: 'message_stop' };

describe('messages stream tap', () => {
  test('X-85: usage is the start, overwritten by what the delta knows', () => {
    const reading = feedTap(
      anthropicMessages,
      start({
        input_tokens: 17,
        cache_read_input_tokens: 900,
        cache_creation_input_tokens: 300,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
        output_tokens: 1,
        service_tier: 'standard',
      }),
      end({ output_tokens: 227, input_tokens: null, server_tool_use: { web_search_requests: 1 } }),
    );
    assert.deepEqual(nonzeroTokens(reading.usage), {
      inText: 17,
      cacheReadText: 900,
      cacheWrite5m: 100,
      cacheWrite1h: 200,
      outText: 227,
    });
    assert.equal(reading.usage?.tier, 'standard');
    assert.deepEqual(reading.usage?.units, { webSearch: 1 });
    assert.equal((reading.providerUsage as { output_tokens: number }).output_tokens, 227);
  });

  test('X-55: the delta corrects an input that the start did not know', () => {
    const events = [start({ input_tokens: 0, output_tokens: 1 }), end({ input_tokens: 61 }), stop];
    const reading = feedTap(anthropicMessages, ...events);
    assert.deepEqual(nonzeroTokens(reading.usage), { inText: 61, outText: 1 });
  });

  test('X-35: a second start replaces the first, and counts are never added', () => {
    const first = start({ input_tokens: 17, output_tokens: 1 });
    const reading = feedTap(anthropicMessages, first, first, end({ output_tokens: 9 }));
    assert.deepEqual(nonzeroTokens(reading.usage), { inText: 17, outText: 9 });
  });

  test('content starts with the first text, thought or tool call', () => {
    const opening = start({ input_tokens: 1, output_tokens: 1 });
    const events: [event: object, bytes: number][] = [
      [{ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }, 0],
      [delta({ type: 'text_delta', text: 'hé' }), 3],
      [delta({ type: 'thinking_delta', thinking: 'hm' }), 2],
      [delta({ type: 'input_json_delta', partial_json: '' }), 0],
      [delta({ type: 'input_json_delta', partial_json: '{"a"' }), 6],
      [delta({ type: 'signature_delta', signature: 'EqRk' }), 0],
      [delta({ type: 'citations_delta', citation: { cited_text: 'a page' } }), 0],
      [
        {
          type: 'content_block_start',
          index: 1,
          content_block: { type: 'tool_use', id: 't', name: 'get', input: {} },
        },
        3,
      ],
      [{ type: 'ping' }, 0],
    ];
    for (const [event, bytes] of events) {
      assert.equal(feedTap(anthropicMessages, opening, event).contentBytes, bytes);
    }
  });

  test('FAI-6: message_stop ends the stream, and no stop reason does', () => {
    const opening = start({ input_tokens: 1, output_tokens: 1 });
    const told = (...events: object[]) => {
      const { finished, terminal } = feedTap(anthropicMessages, opening, ...events);
      return [finished, terminal];
    };
    assert.deepEqual(told(), [false, false]);
    assert.deepEqual(told(delta({ type: 'text_delta', text: 'message_stop' })), [false, false]);
    assert.deepEqual(told(end(null)), [false, false]);
    assert.deepEqual(told(end(null), stop), [true, true]);
  });

  test('X-31: an error event, with or without its type, is an error', () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    for (const event of [{ type: 'error', error }, { error }]) {
      const reading = feedTap(anthropicMessages, event);
      assert.deepEqual(reading.error, { message: 'Overloaded', type: 'overloaded_error' });
      assert.deepEqual([reading.finished, reading.terminal], [false, false]);
    }
  });
});
