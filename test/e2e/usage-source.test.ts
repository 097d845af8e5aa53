import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type FakeAnswer, fakeUpstream, sse } from '../support/fake-upstream.ts';
import { type LedgerLine, oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { cutAnswer, plainAnswer, streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

/** The same answer from an upstream that says nothing of usage. */
function silent(answer: FakeAnswer): FakeAnswer {
  return JSON.parse(
    JSON.stringify(answer).replaceAll(/,?\\"(usage|usageMetadata)\\":\{[^}]*\}/g, ''),
  );
}

async function settle(
  t: TestContext,
  wire: Wire,
  { answer, stream = false }: { answer: FakeAnswer; stream?: boolean },
): Promise<LedgerLine> {
  const upstream = await fakeUpstream(t, answer);
  const proxy = await startProxy(t, oneModelConfig(upstream.url));
  const response = await proxy.post(wire.path('m', stream), wire.request('m', stream));
  await response.text();
  const [line] = await proxy.ledger();
  assert.ok(line);
  return line;
}

const summary = ({ tokens, usage_source, cost_nanos_usd }: LedgerLine) => [
  usage_source,
  tokens?.['in'],
  tokens?.['out'],
  cost_nanos_usd,
];

describe('where the usage of a call is from', () => {
  for (const wire of WIRES) {
    test(`MON-6: ${wire.name} bills what the upstream reported`, async (t) => {
      const reported = ['reported', 10, 5, 20_000];
      assert.deepEqual(summary(await settle(t, wire, { answer: plainAnswer(wire) })), reported);
      const stream = await settle(t, wire, { answer: streamedAnswer(wire), stream: true });
      assert.deepEqual(summary(stream), reported);
    });

    test(`MON-6: ${wire.name} without a report is estimated, never free`, async (t) => {
      for (const [answer, stream] of [
        [silent(plainAnswer(wire)), false],
        [silent(streamedAnswer(wire)), true],
      ] as const) {
        const line = await settle(t, wire, { answer, stream });
        assert.equal(line['usage_source'], 'estimated');
        assert.ok(Number(line.tokens?.['in']) > 0);
        assert.ok(Number(line.tokens?.['out']) > 0);
        assert.ok(Number(line['cost_nanos_usd']) > 0);
        assert.equal(line['provider_usage'], undefined);
      }
    });

    test(`MON-6, BUD-6: a ${wire.name} stream that is cut bills what is known of it`, async (t) => {
      const line = await settle(t, wire, { answer: cutAnswer(wire), stream: true });
      assert.equal(line['usage_source'], 'partial');
      // Anthropic and Google report the input at once; the rest is counted.
      const isTold = wire.name === 'messages' || wire.name === 'gemini';
      if (isTold) assert.equal(line.tokens?.['in'], 10);
      else assert.ok(Number(line.tokens?.['in']) > 0);
      // Five letters, or three, at four bytes a token.
      assert.equal(line.tokens?.['out'], wire.name === 'gemini' ? 1 : 2);
      assert.ok(Number(line['cost_nanos_usd']) > 0);
    });

    test(`MON-6, BUD-6: each word of a ${wire.name} stream that is cut is a token at least`, async (t) => {
      const start = wire.events.slice(0, wire.eventsToFirstWord);
      const word = start.at(-1)?.replace(/"Hel(lo)?"/, '"数"') ?? '';
      const body = [...start.slice(0, -1), ...Array.from({ length: 9 }, () => word)];
      const answer = { ...cutAnswer(wire), body };
      const line = await settle(t, wire, { answer, stream: true });
      // 27 bytes would be seven.
      assert.deepEqual([line['usage_source'], line.tokens?.['out']], ['partial', 9]);
    });

    test(`MON-6: ${wire.name} that the upstream refused used nothing and cost nothing`, async (t) => {
      const line = await settle(t, wire, { answer: { status: 400, body: '{"error":{}}' } });
      assert.deepEqual(summary(line), ['none', undefined, undefined, 0]);
    });
  }

  test('BUD-6: reasoning that a cut stream reported is not counted once more', async (t) => {
    const thought = 'think '.repeat(600);
    const gemini = WIRES.find(({ name }) => name === 'gemini')!;
    const messages = WIRES.find(({ name }) => name === 'messages')!;
    const usageMetadata = {
      promptTokenCount: 10,
      thoughtsTokenCount: 900,
      candidatesTokenCount: 1,
      totalTokenCount: 911,
    };
    const usage = { output_tokens: 901, output_tokens_details: { thinking_tokens: 900 } };
    const part = { thought: true, text: thought };
    for (const [wire, events] of [
      [gemini, sse({ candidates: [{ index: 0, content: { parts: [part] } }], usageMetadata })],
      [
        messages,
        [
          messages.events[0] ?? '',
          ...sse(
            { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: thought } },
            { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
          ),
        ],
      ],
    ] as const) {
      const answer = { ...cutAnswer(wire), body: events };
      const { tokens, usage_source } = await settle(t, wire, { answer, stream: true });
      assert.deepEqual([usage_source, tokens?.['in'], tokens?.['out']], ['partial', 10, 901]);
    }
  });

  test('BUD-6: a client that leaves behind the final report pays what was reported', async (t) => {
    const chat = WIRES.find(({ name }) => name === 'chat')!;
    const events = chat.events.map((event) => event.replace('Hello', 'Hello '.repeat(100)));
    const upstream = await fakeUpstream(t, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(events.slice(0, -1).join(''));
      return undefined;
    });
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const response = await proxy.post(chat.path('m', true), chat.request('m', true));
    const reader = response.body!.getReader();
    for (let text = ''; !text.includes('"completion_tokens"'); ) {
      text += Buffer.from((await reader.read()).value!).toString();
    }
    await reader.cancel();
    const line = await eventually('the line', async () => (await proxy.ledger())[0]);
    assert.deepEqual(summary(line), ['partial', 10, 5, 20_000]);
    assert.equal(line['error_code'], 'client_closed');
  });

  test('MON-6: routes that providers do not charge for have no usage and cost 0', async (t) => {
    const upstream = await fakeUpstream(t, { body: '{"input_tokens":7,"totalTokens":7}' });
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    for (const path of [
      '/v1/responses/input_tokens',
      '/v1/messages/count_tokens',
      '/v1beta/models/m:countTokens',
      '/v1/moderations',
    ]) {
      await proxy.post(path, { model: 'm' });
      const [line] = (await proxy.ledger()).slice(-1);
      assert.deepEqual(summary(line as LedgerLine), ['none', undefined, undefined, 0], path);
    }
  });

  test('MON-6: speech is billed by the characters that were sent, whatever the answer', async (t) => {
    const upstream = await fakeUpstream(t, {
      headers: { 'content-type': 'audio/mpeg' },
      body: [Buffer.from([0xff, 0xfb]), Buffer.from([0, 1, 2])],
    });
    const { providers } = oneModelConfig(upstream.url);
    const pricing = { units: { character_1k: 0.015 } };
    const proxy = await startProxy(t, { providers, models: { tts: { provider: 'up', pricing } } });
    const speech = { model: 'tts', input: 'Grüße 👋', voice: 'alloy' };
    const response = await proxy.post('/v1/audio/speech', speech);
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.deepEqual(bytes, Buffer.from([0xff, 0xfb, 0, 1, 2]));
    const [line] = await proxy.ledger();
    assert.deepEqual(line?.['units'], { character: 7 });
    assert.equal(line?.['cost_nanos_usd'], 7 * 15_000);
  });
});
