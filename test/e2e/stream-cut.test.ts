import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { type FakeAnswer, fakeUpstream, sse } from '../support/fake-upstream.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { cutAnswer, WIRES, type Wire } from '../support/wires.ts';

/** What ends a broken stream on each wire, as the rest of the body behind the events that passed. */
const ENDINGS: Record<Wire['name'], (rest: string, requestId: string) => void> = {
  chat(rest) {
    const { error } = readData(rest);
    assert.deepEqual(
      { ...(error as object), message: '' },
      { message: '', type: 'server_error', param: null, code: codeOf(error) },
    );
  },
  responses(rest) {
    assert.ok(rest.startsWith('event: response.failed\n'));
    const { type, sequence_number, response } = readData(rest);
    assert.deepEqual([type, sequence_number], ['response.failed', 2]);
    const { id, status, error } = response as Record<string, unknown>;
    assert.deepEqual([id, status, codeOf(error)], ['r1', 'failed', 'server_error']);
  },
  messages(rest, requestId) {
    assert.ok(rest.startsWith('event: error\n'));
    const { type, error, request_id } = readData(rest);
    assert.deepEqual([type, request_id], ['error', requestId]);
    assert.equal((error as { type: string }).type, 'api_error');
  },
  gemini(rest) {
    const { error } = readData(rest);
    const { code, status } = error as Record<string, unknown>;
    assert.deepEqual([code, status], [502, 'UNAVAILABLE']);
  },
};

/** The only event of a text. */
function readData(text: string): Record<string, unknown> {
  const payloads = [...text.matchAll(/^data: (.*)$/gm)].map(([, payload = '']) => payload);
  assert.equal(payloads.length, 1, text);
  return JSON.parse(payloads[0] ?? '');
}

const codeOf = (error: unknown) => (error as { code?: unknown }).code;

const [, responses] = WIRES as [Wire, Wire, Wire, Wire];
const item = { id: 'i1', type: 'message', status: 'in_progress', role: 'assistant', content: [] };
const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
const at = { item_id: 'i1', output_index: 0, content_index: 0 };

/** A stream with every event that the SDK wants before a first word. */
const responsesWhole: Wire = {
  ...responses,
  events: [
    ...sse(
      {
        type: 'response.created',
        sequence_number: 0,
        response: { id: 'r1', object: 'response', status: 'in_progress', output: [] },
      },
      { type: 'response.output_item.added', sequence_number: 1, output_index: 0, item },
      { type: 'response.content_part.added', sequence_number: 2, ...at, part },
      {
        type: 'response.output_text.delta',
        sequence_number: 3,
        ...at,
        delta: 'Hello',
        logprobs: [],
      },
    ),
  ],
  eventsToFirstWord: 4,
};

/** How the SDK reads a Responses stream whose first word is all that came whose first word is all that came. */
async function cutResponse(t: TestContext, upstreamWire: Wire, dialect: string) {
  const upstream = await fakeUpstream(t, cutAnswer(upstreamWire));
  const { up } = oneModelConfig(upstream.url)['providers'] as { up: object };
  const proxy = await startProxy(t, {
    providers: { up: { ...up, config: { dialects: [dialect] } } },
    models: { m: { provider: 'up', pricing: 'none' } },
  });
  const client = new OpenAI({ apiKey: 'none', baseURL: `${proxy.url}/v1`, maxRetries: 0 });
  return client.responses.stream({ model: 'm', input: 'Hi' }).finalResponse();
}

describe('a stream that breaks off behind its first word', () => {
  for (const wire of WIRES) {
    const cut = cutAnswer(wire);
    const endings: [how: string, answer: FakeAnswer, code: string][] = [
      ['is cut off', cut, 'upstream_error'],
      ['ends without its end', { ...cut, cut: false }, 'upstream_stream_cut'],
    ];
    for (const [how, answer, code] of endings) {
      test(`FAI-6: a ${wire.name} stream that ${how} ends in an error, never in a quiet success`, async (t) => {
        const upstream = await fakeUpstream(t, answer);
        const proxy = await startProxy(t, oneModelConfig(upstream.url));
        const response = await proxy.post(wire.path('m', true), wire.request('m', true));
        // The text ends well: the connection itself is closed normally.
        const text = await response.text();
        const passed = (cut.body as string[]).join('');
        assert.ok(text.startsWith(passed));
        assert.ok(!text.includes(wire.end));
        const requestId = response.headers.get('x-request-id') ?? '';
        ENDINGS[wire.name](text.slice(passed.length), requestId);
        const [line] = await proxy.ledger();
        assert.equal(line?.['error_code'], code);
        assert.equal(line?.['http_status'], 200);
        assert.equal(line?.['usage_source'], 'partial');
        assert.ok(Number(line?.['cost_nanos_usd']) > 0);
        assert.equal(upstream.seen.length, 1, 'FAI-2: no other attempt once content was sent');
      });
    }
  }

  for (const [wire, dialect] of [
    [responsesWhole, 'openai-responses'],
    [WIRES[2]!, 'anthropic-messages'],
  ] as const) {
    test(`X-32: response.failed carries what came so far, from an upstream of ${dialect}`, async (t) => {
      const { status, error, output } = await cutResponse(t, wire, dialect);
      assert.deepEqual([status, error?.code], ['failed', 'server_error']);
      assert.deepEqual(
        output.map((item) =>
          item.type === 'message'
            ? [item.status, item.content.map((part) => part.type === 'output_text' && part.text)]
            : item,
        ),
        [['incomplete', ['Hello']]],
      );
    });
  }

  for (const [wire, events] of [
    [
      WIRES[0]!,
      sse(
        { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: 'stop' }] },
        { choices: [{ index: 1, delta: { content: 'b' } }] },
      ),
    ],
    [
      WIRES[3]!,
      sse(
        { candidates: [{ index: 0, content: { parts: [{ text: 'a' }] }, finishReason: 'STOP' }] },
        { candidates: [{ index: 1, content: { parts: [{ text: 'b' }] } }] },
      ),
    ],
  ] as const) {
    test(`FAI-6: a second choice of a ${wire.name} stream that is cut is an error, though the first was whole`, async (t) => {
      const headers = { 'content-type': 'text/event-stream' };
      for (const body of [events, [events.join('')]]) {
        const upstream = await fakeUpstream(t, { headers, body });
        const proxy = await startProxy(t, oneModelConfig(upstream.url));
        const response = await proxy.post(wire.path('m', true), wire.request('m', true));
        const text = await response.text();
        assert.ok(text.startsWith(events.join('')), text);
        ENDINGS[wire.name](text.slice(events.join('').length), '');
        const [line] = await proxy.ledger();
        assert.equal(line?.['error_code'], 'upstream_stream_cut');
      }
    });
  }

  test('FAI-6: the log says why a stream ended that had begun, and for which request', async (t) => {
    const [chat] = WIRES;
    assert.ok(chat);
    for (const passed of [chat.events.slice(0, chat.eventsToFirstWord), []]) {
      let end = () => {};
      const upstream = await fakeUpstream(t, (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write([': hello\n\n', ...passed].join(''));
        end = () => response.end();
        return undefined;
      });
      const logger = createRecordingLogger();
      const config = { ...oneModelConfig(upstream.url), routing: { commit_after: 30 } };
      const proxy = await startProxy(t, config, { logger });
      const response = await proxy.post(chat.path('m', true), chat.request('m', true));
      end();
      await response.text();
      const requestId = response.headers.get('x-request-id');
      const told = logger.entries.filter(({ fields }) => fields['requestId'] === requestId);
      assert.deepEqual(
        told.map(({ level, fields }) => [level, fields['code']]),
        [['warn', 'upstream_stream_cut']],
      );
    }
  });

  test('FAI-6: a Gemini stream that is an array ends as an array, with the error as its last element', async (t) => {
    const first = '{"candidates":[{"content":{"parts":[{"text":"Hel"}]},"index":0}]}';
    const upstream = await fakeUpstream(t, { body: [`[${first}`, ',\r\n'], cut: true });
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const response = await proxy.post('/v1beta/models/m:streamGenerateContent', {});
    const events = (await response.json()) as { error?: { status: string } }[];
    assert.equal(events.length, 2);
    assert.deepEqual(events[0], JSON.parse(first));
    assert.equal(events[1]?.error?.status, 'UNAVAILABLE');
  });

  test("FAI-6: an upstream's own error event passes as it is, and is on the ledger", async (t) => {
    for (const wire of WIRES.filter(({ name }) => name !== 'responses')) {
      const error =
        wire.name === 'messages'
          ? 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n'
          : 'data: {"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}\n\n';
      const body = [...wire.events.slice(0, wire.eventsToFirstWord), error];
      const headers = { 'content-type': 'text/event-stream' };
      const upstream = await fakeUpstream(t, { headers, body });
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const response = await proxy.post(wire.path('m', true), wire.request('m', true));
      assert.equal(await response.text(), body.join(''), wire.name);
      const [line] = await proxy.ledger();
      assert.equal(line?.['error_code'], 'upstream_error', wire.name);
    }
  });
});
