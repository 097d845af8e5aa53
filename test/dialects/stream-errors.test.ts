import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { type BrokenStream, encodeStreamError } from '../../src/dialects/stream-errors.ts';

const error = new GatewayError('upstream_stream_cut', 'The upstream broke off.');
const broken: BrokenStream = {
  format: 'openai-chat',
  framing: 'sse',
  error,
  requestId: 'req_1',
  sent: null,
};

/** What the official SDK makes of a stream: its events, or the error that it throws. */
function sdkOptions(stream: string) {
  const headers = { 'content-type': 'text/event-stream' };
  return { apiKey: 'test', maxRetries: 0, fetch: async () => new Response(stream, { headers }) };
}

const created = {
  type: 'response.created',
  sequence_number: 0,
  response: { id: 'resp_1', object: 'response', status: 'in_progress', output: [], usage: null },
};
const last = { type: 'response.output_text.delta', sequence_number: 7, delta: 'x' };
const output = [{ id: 'msg_1', type: 'message', status: 'incomplete', content: [] }];
const sent = {
  output,
  first: Buffer.from(JSON.stringify(created)),
  last: Buffer.from(JSON.stringify(last)),
};

describe('encodeStreamError', () => {
  test('FAI-2: the OpenAI SDK throws the error of a broken chat stream', async () => {
    const client = new OpenAI(sdkOptions(encodeStreamError(broken)));
    const stream = await client.chat.completions.create({
      model: 'x',
      messages: [],
      stream: true,
    });
    await assert.rejects(async () => {
      for await (const _ of stream);
    }, /The upstream broke off\./);
  });

  test('FAI-2: the Anthropic SDK throws the error of a broken message stream', async () => {
    const text = encodeStreamError({ ...broken, format: 'anthropic-messages' });
    const client = new Anthropic(sdkOptions(text));
    const stream = await client.messages.create({
      model: 'x',
      max_tokens: 1,
      messages: [],
      stream: true,
    });
    await assert.rejects(
      async () => {
        for await (const _ of stream);
      },
      (thrown: Error) => thrown.message.includes('api_error'),
    );
  });

  test('X-32: a broken Responses stream ends in response.failed with the same response and its output so far', async () => {
    const text = encodeStreamError({ ...broken, format: 'openai-responses', sent });
    const client = new OpenAI(sdkOptions(text));
    const stream = await client.responses.create({ model: 'x', input: 'x', stream: true });
    const events: unknown[] = [];
    for await (const event of stream) events.push(event);
    assert.deepEqual(events, [
      {
        type: 'response.failed',
        sequence_number: 8,
        response: {
          ...created.response,
          status: 'failed',
          error: { code: 'server_error', message: 'The upstream broke off.' },
          output,
        },
      },
    ]);
  });

  test('a Responses stream that never opened ends in an error event', () => {
    const text = encodeStreamError({ ...broken, format: 'openai-responses' });
    assert.equal(
      text,
      'event: error\ndata: {"type":"error","sequence_number":0,"code":"upstream_stream_cut",' +
        '"message":"The upstream broke off.","param":null}\n\n',
    );
  });

  test('a rate limit keeps its code in response.failed', () => {
    const limited = new GatewayError('rate_limit_exceeded', 'Slow down.');
    const text = encodeStreamError({ ...broken, format: 'openai-responses', error: limited, sent });
    assert.match(text, /"error":\{"code":"rate_limit_exceeded","message":"Slow down\."\}/);
  });

  test('a Gemini stream gets the error as its last event', () => {
    const text = encodeStreamError({ ...broken, format: 'google-generate-content' });
    assert.match(text, /^data: \{"error":\{"code":502,.*"status":"UNAVAILABLE".*\}\}\r\n\r\n$/);
  });

  test('a Gemini array stays one JSON array, begun or not', () => {
    const google: BrokenStream = {
      ...broken,
      format: 'google-generate-content',
      framing: 'json-array',
    };
    const alone: unknown = JSON.parse(encodeStreamError(google));
    const first = '{"candidates":[]}';
    const joined: unknown = JSON.parse(`[${first}${encodeStreamError({ ...google, sent })}`);
    assert.ok(Array.isArray(alone) && Array.isArray(joined));
    assert.deepEqual([alone.length, joined.length], [1, 2]);
    assert.equal(joined[1].error.message, 'The upstream broke off.');
  });
});
