import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

const [chat, responses, messages, gemini] = WIRES as readonly [Wire, Wire, Wire, Wire];

const PAIRS: [client: Wire, upstream: Wire, dialect: string][] = [
  [messages, chat, 'openai-chat'],
  [chat, responses, 'openai-responses'],
  [chat, messages, 'anthropic-messages'],
  [chat, gemini, 'google-generate-content'],
];

/** What a server sends that writes line breaks as they are, or loses a piece of its own text. */
const BROKEN = 'data: {"choices":[{"index":0,"delta":{"content":"lost\n\n';

/** One word, and behind it what no API's event is. */
const withEvent = (wire: Wire, event: string) => [
  ...wire.events.slice(0, wire.eventsToFirstWord),
  event,
  ...wire.events.slice(wire.eventsToFirstWord),
];

/** Two endpoints of that dialect; the second one answers well. */
async function start(t: TestContext, upstream: Wire, dialect: string, answer: FakeAnswer) {
  const first = await fakeUpstream(t, answer);
  const second = await fakeUpstream(t, streamedAnswer(upstream));
  const { up } = oneModelConfig(first.url)['providers'] as { up: object };
  const config = { dialects: [dialect] };
  return startProxy(t, {
    providers: { up: { ...up, config }, second: { ...up, base_url: second.url, config } },
    models: { m: { endpoints: [{ provider: 'up' }, { provider: 'second' }], pricing: 'none' } },
  });
}

describe('an event of a translated stream that is no JSON', () => {
  for (const [client, upstream, dialect] of PAIRS) {
    test(`FAI-1: ${dialect}: before the first word another endpoint answers`, async (t) => {
      const broken = streamedAnswer(upstream, [BROKEN, ...upstream.events]);
      const proxy = await start(t, upstream, dialect, broken);
      const answer = await proxy.post(client.path('m', true), client.request('m', true));
      assert.ok((await answer.text()).includes(client.end));
      const [line] = await proxy.ledger();
      assert.equal(line?.['provider'], 'second');
      assert.equal(line?.routing?.attempts?.[0]?.['error'], 'upstream_invalid_response');
    });

    test(`FAI-6: ${dialect}: behind it the client is told, and not given a text with a gap`, async (t) => {
      const broken = streamedAnswer(upstream, withEvent(upstream, BROKEN));
      const proxy = await start(t, upstream, dialect, broken);
      const answer = await proxy.post(client.path('m', true), client.request('m', true));
      const text = await answer.text();
      assert.ok(text.includes('Hel'), text);
      assert.ok(text.includes('error'), text);
      assert.ok(!text.includes(client.end), text);
      const [line] = await proxy.ledger();
      assert.deepEqual(
        [line?.['error_code'], line?.['usage_source'], line?.['provider']],
        ['upstream_invalid_response', 'partial', 'up'],
      );
    });

    test(`${dialect}: what does not even begin as an object is skipped`, async (t) => {
      for (const event of ['data: [START]\n\n', 'data: ping\n\n', 'data: null\n\n']) {
        const noisy = streamedAnswer(upstream, withEvent(upstream, event));
        const proxy = await start(t, upstream, dialect, noisy);
        const answer = await proxy.post(client.path('m', true), client.request('m', true));
        assert.ok((await answer.text()).includes(client.end), event);
        const [line] = await proxy.ledger();
        assert.deepEqual([line?.['error_code'], line?.['provider']], [undefined, 'up']);
      }
    });
  }
});
