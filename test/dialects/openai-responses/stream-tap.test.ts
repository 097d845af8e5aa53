import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts';
import { feedTap } from '../../support/feed-tap.ts';
import { nonzeroTokens } from '../../support/nonzero-tokens.ts';

const created = { type: 'response.created', response: { id: 'resp_1', usage: null, error: null } };
const usage = { input_tokens: 5, output_tokens: 2, total_tokens: 7 };
const end = (type: string, response: object = {}) => ({
  type,
  response: { id: 'resp_1', output: [{ type: 'message', usage: 'x' }], error: null, ...response },
});

describe('responses stream tap', () => {
  test('content is the delta of any kind', () => {
    const types = [
      'response.output_text.delta',
      'response.reasoning_summary_text.delta',
      'response.function_call_arguments.delta',
      'response.refusal.delta',
    ];
    for (const type of types) {
      const reading = feedTap(openaiResponses, created, { type, delta: 'héy', logprobs: [] });
      assert.equal(reading.contentBytes, 4);
    }
    const item = { type: 'message', content: [{ type: 'output_text', text: 'hey' }] };
    const done = { type: 'response.output_item.done', item };
    assert.equal(feedTap(openaiResponses, created, done).contentBytes, 0);
  });

  test('usage comes with the event that ends the stream', () => {
    for (const type of ['response.completed', 'response.incomplete']) {
      const response = { usage, service_tier: 'flex' };
      const reading = feedTap(openaiResponses, created, end(type, response));
      assert.deepEqual(nonzeroTokens(reading.usage), { inText: 5, outText: 2 });
      assert.equal(reading.usage?.tier, 'flex');
      assert.deepEqual(reading.providerUsage, usage);
      assert.deepEqual([reading.finished, reading.terminal, reading.error], [true, true, null]);
    }
  });

  test('a failed response ends the stream in an error, and its usage counts', () => {
    const error = { code: 'rate_limit_exceeded', message: 'Slow down.' };
    const reading = feedTap(openaiResponses, created, end('response.failed', { error, usage }));
    assert.deepEqual([reading.finished, reading.terminal], [false, true]);
    assert.deepEqual(reading.error, { message: 'Slow down.', type: 'rate_limit_exceeded' });
    assert.deepEqual(nonzeroTokens(reading.usage), { inText: 5, outText: 2 });
  });

  test('X-31: the error event is read flat and nested', () => {
    const flat = { type: 'error', code: 'server_error', message: 'Boom', param: null };
    const nested = { type: 'error', error: { type: 'insufficient_quota', message: 'Boom' } };
    const bare = { error: { message: 'Boom', code: 'x' } };
    const types = [flat, nested, bare].map((event) => feedTap(openaiResponses, event).error?.type);
    assert.deepEqual(types, ['server_error', 'insufficient_quota', 'x']);
  });

  test('X-32, FAI-6: without a terminal event the stream is not finished', () => {
    const reading = feedTap(openaiResponses, created, {
      type: 'response.output_text.done',
      text: 'response.completed',
    });
    assert.deepEqual([reading.finished, reading.terminal], [false, false]);
  });

  test('a malformed terminal event ends the stream without usage', () => {
    for (const text of [
      '{"type":"response.completed","response":',
      '{"type":"response.completed"}',
      '{"type":"response.completed","response":[]}',
    ]) {
      const reading = feedTap(openaiResponses, text);
      assert.deepEqual([reading.terminal, reading.usage], [true, null]);
    }
  });
});
