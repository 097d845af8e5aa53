import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, WIRES, type Wire } from '../support/wires.ts';

const wireOf = (name: Wire['name']) => WIRES.find((wire) => wire.name === name) as Wire;

const messages = wireOf('messages');
const responses = wireOf('responses');
const chat = wireOf('chat');

const price = (usd: number) => ({
  input: { text_cost_per_1k_tokens: usd },
  output: { text_cost_per_1k_tokens: usd * 10 },
});

/** Asks for a model whose endpoints answer so, each at ten times the price of the one before. */
async function ask(
  t: TestContext,
  { answers, wire, stream }: { answers: FakeAnswer[]; wire: Wire; stream: boolean },
  dialect?: string,
) {
  const { up } = oneModelConfig('')['providers'] as { up: object };
  const spoken = dialect === undefined ? {} : { config: { dialects: [dialect] } };
  const providers: Record<string, object> = {};
  for (const [index, answer] of answers.entries()) {
    const { url } = await fakeUpstream(t, answer);
    providers[`p${index}`] = { ...up, base_url: url, ...spoken };
  }
  const endpoints = answers.map((_, index) => ({
    provider: `p${index}`,
    pricing: price(0.001 * 10 ** index),
  }));
  const proxy = await startProxy(t, { providers, models: { m: { endpoints } } });
  const response = await proxy.post(wire.path('m', stream), wire.request('m', stream));
  await response.text();
  const [line] = await proxy.ledger();
  assert.ok(line);
  const { tokens, cost_nanos_usd: cost, usage_source: source, billing } = line;
  return { response, used: [tokens?.['in'], tokens?.['out'], cost, source], billing };
}

/** An Anthropic stream that reports a thousand tokens of input, and then fails so. */
function started(ending: Partial<FakeAnswer>, ...events: string[]): FakeAnswer {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'slug-1',
    content: [],
    stop_reason: null,
    usage: { input_tokens: 1000, output_tokens: 1 },
  };
  const start = `event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message })}\n\n`;
  const headers = { 'content-type': 'text/event-stream' };
  return { headers, body: [start, ...events], ...ending };
}

const overloaded =
  'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';

/** A thousand tokens of input and one of output, at the first endpoint's price. */
const STARTED = 1_010_000;

function json(body: unknown): FakeAnswer {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

describe('what an upstream reported of an answer that its client never saw', () => {
  for (const [how, answer] of [
    ['is cut', started({ cut: true })],
    ['ends early', started({})],
    ['reports an error', started({}, overloaded)],
  ] as const) {
    test(`BUD-6, LED-6: a stream that ${how} before its first content is billed`, async (t) => {
      const { response, used } = await ask(t, { answers: [answer], wire: messages, stream: true });
      assert.ok(response.status >= 500);
      assert.deepEqual(used, [1000, 1, STARTED, 'partial']);
    });
  }

  test('LED-6: each attempt is billed at the price of its own endpoint', async (t) => {
    const answers = [started({ cut: true }), started({}, overloaded), plainAnswer(messages)];
    const { response, used, billing } = await ask(t, { answers, wire: messages, stream: true });
    assert.equal(response.status, 200);
    const answered = 10 * 100_000 + 5 * 1_000_000;
    const cost = STARTED + 10 * STARTED + answered;
    assert.deepEqual(used, [2010, 7, cost, 'partial']);
    assert.deepEqual(billing, { input_text: 12_000_000, output_text: cost - 12_000_000 });
  });

  test('BUD-6: a whole answer that reports its failure is billed for the use that it reports', async (t) => {
    const error = { code: 'server_error', message: 'It broke.' };
    const usage = { input_tokens: 1000, output_tokens: 1, total_tokens: 1001 };
    const failed = json({ ...responses.answer, status: 'failed', output: [], error, usage });
    const asked = { answers: [failed], wire: responses, stream: false };
    const { response, used } = await ask(t, asked);
    assert.ok(response.status >= 500);
    assert.deepEqual(used, [1000, 1, STARTED, 'partial']);
  });

  test('BUD-6: an answer that cannot be translated is billed for the use that it reports', async (t) => {
    const malformed = json({
      candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL', index: 0 }],
      usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 1, totalTokenCount: 1001 },
    });
    const asked = { answers: [malformed], wire: chat, stream: false };
    const { response, used } = await ask(t, asked, 'google-generate-content');
    assert.ok(response.status >= 500);
    assert.deepEqual(used, [1000, 1, STARTED, 'partial']);
  });
});
