import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream, sse } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

const [chat, , , gemini] = WIRES as [Wire, Wire, Wire, Wire];
const SSE = { 'content-type': 'text/event-stream' };

describe('a stream of which one read brings much', () => {
  test('FAI-2: an error takes nothing with it that came before, though nothing had been sent', async (t) => {
    const error = 'data: {"error":{"message":"Broke off."}}\n\n';
    const body = [...chat.events.slice(0, chat.eventsToFirstWord), error];
    const upstream = await fakeUpstream(t, { headers: SSE, body: body.join('') });
    const { up } = oneModelConfig(upstream.url)['providers'] as { up: object };
    const proxy = await startProxy(t, {
      providers: { up: { ...up, config: { dialects: ['openai-chat'] } } },
      models: { m: { provider: 'up', pricing: 'none' } },
    });
    const answer = await proxy.post(gemini.path('m', true), gemini.request('m', true));
    const text = await answer.text();
    assert.equal(answer.status, 200);
    assert.match(text, /"Hello".*Broke off/s);
    const [line] = await proxy.ledger();
    assert.equal(line?.['error_code'], 'upstream_error');
  });

  const media: [path: string, request: object, first: object][] = [
    [
      '/v1/audio/speech',
      { input: 'hi', voice: 'alloy', stream_format: 'sse' },
      { type: 'speech.audio.delta', audio: 'AAAA' },
    ],
    [
      '/v1/images/generations',
      { prompt: 'x', stream: true, partial_images: 1 },
      { type: 'image_generation.partial_image', b64_json: 'AAAA' },
    ],
    [
      '/v1/responses',
      { input: 'x', stream: true },
      { type: 'response.image_generation_call.partial_image', partial_image_b64: 'AAAA' },
    ],
    [
      gemini.path('m', true),
      gemini.request('m'),
      { candidates: [{ content: { parts: [{ inlineData: { data: 'AAAA' } }] } }] },
    ],
  ];
  for (const [path, request, first] of media) {
    test(`FAI-2: the first sound or image of ${path} does not wait for text`, async (t) => {
      let open: ServerResponse | undefined;
      const upstream = await fakeUpstream(t, (_request, response) => {
        open = response;
        response.writeHead(200, SSE).write(sse(first).join(''));
        return undefined;
      });
      const { providers, models } = oneModelConfig(upstream.url) as {
        providers: { up: object };
        models: object;
      };
      const isGemini = path.includes('Content');
      const up = isGemini ? providers.up : { ...providers.up, type: 'OPENAI', config: undefined };
      const proxy = await startProxy(t, { providers: { up }, models });
      const answer = await proxy.post(path, { model: 'm', ...request });
      const piece = await answer.body?.getReader().read();
      assert.match(Buffer.from(piece?.value ?? []).toString(), /AAAA/);
      open?.destroy();
      const line = await eventually('the line', async () => (await proxy.ledger())[0]);
      assert.ok(typeof line['ttft_ms'] === 'number');
    });
  }

  test('FAI-7: words do not wait with the event that may be the last', async (t) => {
    let open: ServerResponse | undefined;
    const upstream = await fakeUpstream(t, (_request, response) => {
      open = response;
      response.writeHead(200, SSE);
      response.write(gemini.events.join(''));
      return undefined;
    });
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const answer = await proxy.post(gemini.path('m', true), gemini.request('m', true));
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    assert.match(new TextDecoder().decode(first?.value), /"Hel/);
    assert.deepEqual(await proxy.ledger(), []);
    open?.end();
    while (!(await reader?.read())?.done);
    assert.equal((await proxy.ledger()).length, 1);
  });
});
