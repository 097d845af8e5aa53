import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { recordingOf } from '../support/call-both-ways.ts';
import { capturesOf, sendCapture } from '../support/captures.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { answerWith } from '../support/replay.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const TURNS = [
  'lingua/toolCallRequest/anthropic/response',
  'lingua/reasoningRequest/anthropic/response',
];

/** A proxy whose upstream calls a tool first, and answers in words then. */
async function startConversation(t: TestContext, suffix: '.json' | '-streaming.json') {
  const upstream = await fakeUpstream(t, () =>
    answerWith(recordingOf(TURNS[upstream.seen.length - 1] + suffix)),
  );
  const proxy = await startProxy(t, oneModelConfig(upstream.url, 'ANTHROPIC'));
  const client = new Anthropic({ baseURL: proxy.url, apiKey: 'any', maxRetries: 0 });
  const bodies = () => upstream.seen.map(({ body }) => JSON.parse(body.toString()));
  return { proxy, client, bodies };
}

function weatherTool(asked: string[]) {
  return betaTool({
    name: 'get_weather',
    description: 'The weather.',
    inputSchema: { type: 'object', properties: { location: { type: 'string' } } },
    run: ({ location }) => {
      asked.push(location ?? '');
      return '18 degrees';
    },
  });
}

const messages = [{ role: 'user' as const, content: 'What is the weather in Paris?' }];

describe('API-7: the Anthropic SDK’s tool runner', () => {
  for (const stream of [false, true]) {
    test(`it falls back from threads to its history ${stream ? 'on streams' : 'on answers'}`, async (t) => {
      const suffix = stream ? '-streaming.json' : '.json';
      const { proxy, client, bodies } = await startConversation(t, suffix);
      const asked: string[] = [];
      const final = await client.beta.messages.toolRunner({
        model: 'm',
        max_tokens: 2_000,
        messages,
        tools: [weatherTool(asked)],
        stream,
      });
      assert.equal(final.stop_reason, 'end_turn');
      assert.equal(asked.length, 1);

      const [first, second] = bodies();
      assert.deepEqual([first.thread, second.thread], [undefined, undefined]);
      assert.deepEqual(first.messages, messages);
      const roles = second.messages.map(({ role }: { role: string }) => role);
      assert.deepEqual(roles, ['user', 'assistant', 'user']);
      assert.equal(second.messages[2].content[0].type, 'tool_result');

      const lines = await proxy.ledger();
      assert.deepEqual(
        lines.map((line) => [line['http_status'], line['error_code']]),
        [
          [400, 'thread_unsupported_request'],
          [200, undefined],
          [200, undefined],
        ],
      );
    });
  }

  test('a thread is refused with the error that the SDK understands, and costs nothing', async (t) => {
    const proxy = await startProxy(t, {
      providers: { simulator: { type: 'MOCK' } },
      models: { 'claude-*': { provider: 'simulator', pricing: 'none' } },
    });
    const [threaded, ...history] = capturesOf('anthropic-sdk-threads');
    const refused = await sendCapture(proxy.url, threaded!);
    assert.equal(refused.status, threaded?.status);
    const { error, type, request_id } = JSON.parse(refused.text);
    assert.equal(type, 'error');
    assert.equal(error.type, 'invalid_request_error');
    assert.deepEqual(error.details, {
      error_code: 'thread_unsupported_request',
      unsupported: ['thread'],
    });
    assert.equal(refused.headers['request-id'], request_id);
    for (const capture of history) {
      assert.equal((await sendCapture(proxy.url, capture)).status, capture.status);
    }
    const [line] = await proxy.ledger();
    assert.equal(line?.['cost_nanos_usd'], 0);
  });
});
