import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream, sse } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

const [chat, responses, messages, gemini] = WIRES as readonly [Wire, Wire, Wire, Wire];
const geminiArray = {
  ...gemini,
  path: (model: string, stream = false) => gemini.path(model, stream).replace('?alt=sse', ''),
};

/** What some servers write behind the last event, without the blank line that would make it one. */
const STRAYS = ['id: 3\n', 'retry: 5\n', 'event: done\n', 'event: x', ' ', '\n'];

function configOf(url: string, dialect: string): Record<string, unknown> {
  const { models, providers } = oneModelConfig(url) as Record<string, Record<string, object>>;
  return { models, providers: { up: { ...providers?.['up'], config: { dialects: [dialect] } } } };
}

/** An upstream that leaves its connection open behind the last event. */
async function openUpstream(t: TestContext, wire: Wire) {
  const calls: ServerResponse[] = [];
  const upstream = await fakeUpstream(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(wire.events.join(''));
    calls.push(response);
    return undefined;
  });
  return { url: upstream.url, isHungUp: () => calls[0]?.destroyed === true };
}

describe('the end of a stream', () => {
  for (const stray of STRAYS) {
    const what = JSON.stringify(stray);
    test(`FAI-6: ${what} behind the terminal event takes no ending from a translated stream`, async (t) => {
      const answer = streamedAnswer(messages, [...messages.events, stray]);
      const upstream = await fakeUpstream(t, answer);
      const proxy = await startProxy(t, configOf(upstream.url, 'anthropic-messages'));
      for (const client of [chat, geminiArray]) {
        const response = await proxy.post(client.path('m', true), client.request('m', true));
        const text = await response.text();
        if (client === chat) assert.ok(text.endsWith('data: [DONE]\n\n'), text);
        else assert.equal(JSON.parse(text).at(-1).candidates[0].finishReason, 'STOP');
      }
    });

    test(`FAI-6: ${what} behind the finish reason is nothing that was cut`, async (t) => {
      const answer = streamedAnswer(chat, [...chat.events.slice(0, -1), stray]);
      const upstream = await fakeUpstream(t, answer);
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const response = await proxy.post(chat.path('m', true), chat.request('m', true));
      assert.equal(await response.text(), (answer.body as string[]).join(''));
      const [line] = await proxy.ledger();
      assert.deepEqual([line?.['error_code'], line?.['usage_source']], [undefined, 'reported']);
    });
  }

  test('FAI-6: an event that is cut behind the terminal one takes no ending either', async (t) => {
    const answer = streamedAnswer(messages, [...messages.events, 'data: {"a":']);
    const upstream = await fakeUpstream(t, answer);
    const proxy = await startProxy(t, configOf(upstream.url, 'anthropic-messages'));
    const response = await proxy.post(chat.path('m', true), chat.request('m', true));
    const text = await response.text();
    assert.ok(text.endsWith('data: [DONE]\n\n'), text);
  });

  for (const { path } of [gemini, geminiArray]) {
    test(`API-3: one JSON object is the whole stream of ${path('m', true)}`, async (t) => {
      const body = JSON.stringify(gemini.answer);
      const upstream = await fakeUpstream(t, { body });
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const response = await proxy.post(path('m', true), gemini.request('m', true));
      assert.deepEqual([response.status, await response.text()], [200, body]);
      const [line] = await proxy.ledger();
      assert.deepEqual([line?.['error_code'], line?.['usage_source']], [undefined, 'reported']);
    });
  }

  test('FAI-6: a candidate behind the finish of another is translated in its place', async (t) => {
    const candidate = (index: number, text: string, finishReason?: string) => ({
      candidates: [{ index, content: { parts: [{ text }] }, finishReason }],
    });
    const events = [candidate(0, 'a', 'STOP'), candidate(1, 'b'), candidate(1, 'c', 'STOP')];
    const upstream = await fakeUpstream(t, streamedAnswer(gemini, [sse(...events).join('')]));
    const proxy = await startProxy(t, configOf(upstream.url, 'google-generate-content'));
    const response = await proxy.post(chat.path('m', true), chat.request('m', true));
    const text = await response.text();
    assert.match(text, /"a".*"b".*"c".*\[DONE\]/s);
  });

  for (const [client, upstreamWire, dialect] of [
    [chat, chat, 'openai-chat'],
    [responses, responses, 'openai-responses'],
    [messages, messages, 'anthropic-messages'],
    [chat, messages, 'anthropic-messages'],
  ] as const) {
    test(`FAI-7: ${client.name} from ${dialect}: an upstream that stays open keeps no client`, async (t) => {
      const upstream = await openUpstream(t, upstreamWire);
      const proxy = await startProxy(t, configOf(upstream.url, dialect));
      const response = await proxy.post(client.path('m', true), client.request('m', true));
      const text = await response.text();
      assert.ok(text.includes(client.end), text);
      await eventually('the upstream to be hung up on', upstream.isHungUp);
      const lines = await proxy.ledger();
      assert.deepEqual(
        lines.map((line) => [line['error_code'], line['usage_source']]),
        [[undefined, 'reported']],
      );
    });
  }
});
