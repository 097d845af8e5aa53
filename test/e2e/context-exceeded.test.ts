import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DialectId } from '../../src/dialects/dialect.ts';
import { readEvents } from '../simulator/ask.ts';
import { type FakeAnswer, fakeUpstream, sse } from '../support/fake-upstream.ts';
import { startProxy } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

/** How each API refuses a conversation that is too long. */
const REFUSALS: Readonly<Record<DialectId, object>> = {
  'openai-chat': {
    error: {
      message: "This model's maximum context length is 8192 tokens. However, you requested 9000.",
      type: 'invalid_request_error',
      code: null,
    },
  },
  'openai-responses': {
    error: {
      message: 'Your input exceeds the context window of this model.',
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
    },
  },
  'anthropic-messages': {
    type: 'error',
    error: {
      type: 'invalid_request_error',
      message: 'prompt is too long: 210000 tokens > 200000 maximum',
    },
  },
  'google-generate-content': {
    error: {
      code: 400,
      message:
        'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
      status: 'INVALID_ARGUMENT',
    },
  },
};

const DIALECTS = Object.keys(REFUSALS) as DialectId[];

/** By what a client of each API knows it. */
const SIGNS: Readonly<Record<Wire['name'], RegExp>> = {
  chat: /"type":"invalid_request_error".*"code":"context_length_exceeded"/,
  responses: /"type":"invalid_request_error".*"code":"context_length_exceeded"/,
  messages: /"type":"invalid_request_error","message":"prompt is too long/,
  gemini: /"status":"INVALID_ARGUMENT".*"reason":"context_length_exceeded"/,
};

const NATIVE: Readonly<Record<Wire['name'], DialectId>> = {
  chat: 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  gemini: 'google-generate-content',
};

describe('a conversation that is too long', () => {
  for (const wire of WIRES) {
    test(`${wire.name}: its client is told in its own words, whichever provider refused`, async (t) => {
      for (const dialect of DIALECTS.filter((each) => each !== NATIVE[wire.name])) {
        const refusal: FakeAnswer = { status: 400, body: JSON.stringify(REFUSALS[dialect]) };
        const upstream = await fakeUpstream(t, refusal);
        const proxy = await startProxy(t, {
          providers: {
            up: { type: 'CUSTOM', base_url: upstream.url, config: { dialects: [dialect] } },
          },
          models: { m: { provider: 'up', pricing: 'none' } },
        });
        for (const stream of [false, true]) {
          const answer = await proxy.post(wire.path('m', stream), wire.request('m', stream));
          assert.equal(answer.status, 400);
          assert.match(await answer.text(), SIGNS[wire.name], dialect);
        }
        const [line] = await proxy.ledger();
        assert.equal(line?.['error_code'], 'context_length_exceeded');
        assert.equal(upstream.seen.length, 2, 'nobody else would take it');
      }
    });
  }

  test('Responses’ stream that has begun ends in response.failed with the code that Codex knows', async (t) => {
    const upstream = await fakeUpstream(t, {
      headers: { 'content-type': 'text/event-stream' },
      body: sse(
        { id: 'c', model: 's', choices: [{ index: 0, delta: { content: 'Hello' } }] },
        { error: { message: 'too long', code: 'context_length_exceeded' } },
      ),
    });
    const config = { dialects: ['openai-chat'] };
    const proxy = await startProxy(t, {
      providers: { up: { type: 'CUSTOM', base_url: upstream.url, config } },
      models: { m: { provider: 'up', pricing: 'none' } },
    });
    const answer = await proxy.post('/v1/responses', { model: 'm', input: 'Hi', stream: true });
    const last = readEvents(await answer.text()).at(-1) as {
      type: string;
      response: { error: object };
    };
    assert.equal(last.type, 'response.failed');
    assert.deepEqual(last.response.error, {
      code: 'context_length_exceeded',
      message: 'too long',
    });
  });
});
