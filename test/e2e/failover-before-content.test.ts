import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream, sse } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

const [chat, responses, messages, gemini] = WIRES as readonly [Wire, Wire, Wire, Wire];

const failed = sse({
  type: 'response.failed',
  response: { id: 'r1', status: 'failed', error: { code: 'rate_limit_exceeded', message: 'No.' } },
});
const told = sse({ error: { message: 'No.', type: 'rate_limit_error' } }, '[DONE]');
const malformed = sse({ candidates: [{ index: 0, finishReason: 'MALFORMED_FUNCTION_CALL' }] });
const role = { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null };

/** Streams without a word of an answer, in one packet, and the status of a call that nobody else can answer. */
const STREAMS: [title: string, client: Wire, upstream: Wire, body: string[], status: number][] = [
  ['an error and [DONE]', chat, chat, told, 429],
  ['an error and [DONE], translated', messages, chat, told, 429],
  ['response.failed', responses, responses, [responses.events[0] ?? '', ...failed], 429],
  ['response.failed, translated', chat, responses, [responses.events[0] ?? '', ...failed], 429],
  ['nothing but [DONE]', chat, chat, sse('[DONE]'), 502],
  ['nothing but [DONE], translated', messages, chat, sse('[DONE]'), 502],
  ['a malformed call, translated', chat, gemini, malformed, 502],
  ['a role and [DONE]', chat, chat, sse({ choices: [role] }, '[DONE]'), 502],
];

const DIALECTS: Record<Wire['name'], string> = {
  chat: 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  gemini: 'google-generate-content',
};

async function start(t: TestContext, upstream: Wire, body: string[]) {
  const first = await fakeUpstream(t, streamedAnswer(upstream, [body.join('')]));
  const second = await fakeUpstream(t, streamedAnswer(upstream));
  const { up } = oneModelConfig(first.url)['providers'] as { up: object };
  const config = { dialects: [DIALECTS[upstream.name]] };
  return startProxy(t, {
    providers: { up: { ...up, config }, second: { ...up, base_url: second.url, config } },
    models: {
      one: { provider: 'up', pricing: 'none' },
      two: { endpoints: [{ provider: 'up' }, { provider: 'second' }], pricing: 'none' },
    },
  });
}

describe('a stream that ends before any content', () => {
  for (const [title, client, upstream, body, status] of STREAMS) {
    test(`FAI-1, FAI-2: ${client.name}: behind ${title} another endpoint answers, or the real status`, async (t) => {
      const proxy = await start(t, upstream, body);
      const two = await proxy.post(client.path('two', true), client.request('two', true));
      assert.ok((await two.text()).includes(client.end));
      const one = await proxy.post(client.path('one', true), client.request('one', true));
      await one.arrayBuffer();
      assert.equal(one.status, status);
      const [saved, lost] = await proxy.ledger();
      assert.deepEqual([saved?.['provider'], saved?.['error_code']], ['second', undefined]);
      assert.equal(saved?.routing?.attempts?.[0]?.['error'], 'upstream_error');
      assert.equal(lost?.['error_code'], 'upstream_error');
    });
  }
});
