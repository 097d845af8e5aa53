import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream, sse } from '../support/fake-upstream.ts';
import { startProxy } from '../support/start-proxy.ts';

type Script = Parameters<typeof fakeUpstream>[1];

/** A proxy whose model `m` is served by an upstream of that dialect alone. */
async function start(t: TestContext, dialect: string, script: Script) {
  const upstream = await fakeUpstream(t, script);
  const proxy = await startProxy(t, {
    providers: {
      up: { type: 'CUSTOM', base_url: upstream.url, config: { dialects: [dialect] } },
    },
    models: { m: { provider: 'up', slug: 'gemini-3-pro', pricing: 'none' } },
  });
  return { upstream, proxy };
}

const SIGNATURE = Buffer.from('a signature that is longer than any tool id may be'.repeat(12));
const QUESTION = { role: 'user', content: 'What is the weather?' };
const TOOL = { name: 'get_weather', description: 'Weather.' };
const PARAMETERS = { type: 'object', properties: {} };

const SIGNED_CALL = {
  candidates: [
    {
      content: {
        role: 'model',
        parts: [
          {
            functionCall: { name: 'get_weather', args: {} },
            thoughtSignature: SIGNATURE.toString('base64'),
          },
        ],
      },
      finishReason: 'STOP',
    },
  ],
  usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 2, totalTokenCount: 11 },
};

/** Each surface's question with a tool, and where the ids of calls stand in its answers. */
const ASKERS = [
  {
    path: '/v1/chat/completions',
    body: {
      messages: [QUESTION],
      tools: [{ type: 'function', function: { ...TOOL, parameters: PARAMETERS } }],
    },
    id: /"tool_calls":\[\{[^[\]]*?"id":"([^"]*)"/,
  },
  {
    path: '/v1/responses',
    body: {
      input: 'What is the weather?',
      tools: [{ type: 'function', ...TOOL, parameters: PARAMETERS }],
    },
    id: /"call_id":"([^"]*)"/,
  },
  {
    path: '/v1/messages',
    body: {
      max_tokens: 99,
      messages: [QUESTION],
      tools: [{ ...TOOL, input_schema: PARAMETERS }],
    },
    id: /"type":"tool_use","id":"([^"]*)"/,
  },
];

const CHAT_USAGE = {
  prompt_tokens: 16_202,
  completion_tokens: 5,
  total_tokens: 16_207,
  prompt_tokens_details: { cached_tokens: 15_802 },
};

describe('regressions of translation', () => {
  for (const { path, body, id } of ASKERS) {
    for (const stream of [false, true]) {
      test(`X-21: ${path} ${stream ? 'streamed' : 'plain'} hides no signature in a call's id`, async (t) => {
        const answer = stream
          ? { headers: { 'content-type': 'text/event-stream' }, body: sse(SIGNED_CALL) }
          : { body: JSON.stringify(SIGNED_CALL) };
        const { proxy } = await start(t, 'google-generate-content', answer);
        const response = await proxy.post(path, { model: 'm', stream, ...body });
        const text = await response.text();
        assert.match(id.exec(text)?.[1] ?? '', /^[\w-]{1,40}$/, text);
      });
    }
  }

  test('X-56: cache counters reach a client of messages, plain and streamed', async (t) => {
    const choice = { index: 0, finish_reason: 'stop' };
    const { proxy } = await start(t, 'openai-chat', ({ body }) =>
      JSON.parse(body.toString()).stream
        ? {
            headers: { 'content-type': 'text/event-stream' },
            body: sse(
              { id: 'c', model: 's', choices: [{ ...choice, delta: { content: 'Hi' } }] },
              { id: 'c', model: 's', choices: [], usage: CHAT_USAGE },
              '[DONE]',
            ),
          }
        : {
            body: JSON.stringify({
              id: 'c',
              model: 's',
              choices: [{ ...choice, message: { role: 'assistant', content: 'Hi' } }],
              usage: CHAT_USAGE,
            }),
          },
    );
    const expected = {
      input_tokens: 400,
      cache_read_input_tokens: 15_802,
      cache_creation_input_tokens: 0,
      output_tokens: 5,
    };
    const ask = (stream: boolean) =>
      proxy.post('/v1/messages', { model: 'm', max_tokens: 9, stream, messages: [QUESTION] });
    const plain = (await (await ask(false)).json()) as { usage: Record<string, unknown> };
    assert.deepEqual({ ...plain.usage, ...expected }, plain.usage);
    const events = (await (await ask(true)).text()).split('\n\n');
    const delta = events.find((event) => event.startsWith('event: message_delta')) ?? '';
    const { usage } = JSON.parse(delta.slice(delta.indexOf('{')));
    assert.deepEqual({ ...usage, ...expected }, usage);
  });

  test('X-35: what comes behind the end of a stream is no part of the answer', async (t) => {
    const message = (text: string) => [
      { type: 'message_start', message: { id: 'msg_1', model: 's', usage: { input_tokens: 9 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ];
    const { proxy } = await start(t, 'anthropic-messages', {
      headers: { 'content-type': 'text/event-stream' },
      body: [sse(...message('Hello'), ...message('again')).join('')],
    });
    const asked = { model: 'm', stream: true, messages: [QUESTION] };
    const text = await (await proxy.post('/v1/chat/completions', asked)).text();
    assert.match(text, /Hello/);
    assert.doesNotMatch(text, /again/);
    assert.equal(text.match(/"finish_reason":"stop"/g)?.length, 1);
  });

  test('X-58: cache marks reach an upstream of messages, byte for byte', async (t) => {
    const answer = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 's',
      content: [{ type: 'text', text: 'Hi' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 9, output_tokens: 2 },
    };
    const { proxy, upstream } = await start(t, 'anthropic-messages', {
      body: JSON.stringify(answer),
    });
    const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } };
    const body = JSON.stringify({
      model: 'm',
      max_tokens: 9,
      system: [{ type: 'text', text: 'Be kind.', ...mark }],
      tools: [{ ...TOOL, input_schema: PARAMETERS, ...mark }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello', ...mark }] }],
    });
    assert.equal((await proxy.post('/v1/messages', body)).status, 200);
    const sent = upstream.seen[0]?.body.toString();
    assert.equal(sent, body.replace('"model":"m"', '"model":"gemini-3-pro"'));
  });

  test('X-72, X-73: leaving a translated stream aborts its upstream, and its prompt is billed', async (t) => {
    let hungUp = false;
    const { proxy, upstream } = await start(t, 'openai-chat', (_request, response) => {
      response.on('close', () => {
        hungUp = true;
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const delta = { role: 'assistant', content: 'Hello there' };
      const [event] = sse({ id: 'c', model: 's', choices: [{ index: 0, delta }] });
      response.write(event);
      return undefined;
    });
    const gone = new AbortController();
    const response = await fetch(`${proxy.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', max_tokens: 9, stream: true, messages: [QUESTION] }),
      signal: gone.signal,
    });
    await response.body?.getReader().read();
    gone.abort();
    await eventually('the upstream to be hung up on', () => hungUp);
    const line = await eventually('the line', async () => (await proxy.ledger())[0]);
    assert.deepEqual([line['http_status'], line['usage_source']], [499, 'partial']);
    assert.ok(Number(line.tokens?.['in']) > 0);
    assert.equal(upstream.seen.length, 1);
  });

  for (const stream of [false, true]) {
    test(`a stop string beyond the API's limit ends the answer all the same, ${stream ? 'streamed' : 'plain'}`, async (t) => {
      const { proxy, upstream } = await start(t, 'openai-chat', () => {
        const words = ['One', ' two', ' SI', 'X three'];
        const head = { id: 'c', model: 's' };
        const choice = { index: 0, finish_reason: null };
        if (!stream) {
          const message = { role: 'assistant', content: words.join('') };
          const choices = [{ ...choice, message, finish_reason: 'stop' }];
          return { body: JSON.stringify({ ...head, choices, usage: CHAT_USAGE }) };
        }
        const chunks = words.map((content) => ({
          ...head,
          choices: [{ ...choice, delta: { content } }],
        }));
        const last = { ...head, choices: [{ ...choice, delta: {}, finish_reason: 'stop' }] };
        const usage = { ...head, choices: [], usage: CHAT_USAGE };
        return {
          headers: { 'content-type': 'text/event-stream' },
          body: sse(...chunks, last, usage, '[DONE]'),
        };
      });
      const response = await proxy.post('/v1/messages', {
        model: 'm',
        max_tokens: 99,
        stream,
        stop_sequences: ['A1', 'B2', 'C3', 'D4', 'SIX'],
        messages: [QUESTION],
      });
      const text = await response.text();
      assert.match(text, /"stop_reason":"stop_sequence"/);
      assert.match(text, /"stop_sequence":"SIX"/);
      assert.doesNotMatch(text, /three|"text":"[^"]*SI/);
      const sent = JSON.parse(upstream.seen[0]?.body.toString() ?? '{}');
      assert.deepEqual(sent.stop, ['A1', 'B2', 'C3', 'D4']);
    });
  }

  test('X-48: a web search that OpenAI ran is told to Claude as text when the session moves on', async (t) => {
    const url = 'https://a.example';
    const output = [
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { query: 'weather' } },
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        content: [
          {
            type: 'output_text',
            text: 'It is fair.',
            annotations: [{ type: 'url_citation', start_index: 0, end_index: 11, url, title: 'T' }],
          },
        ],
      },
    ];
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    const openai = await fakeUpstream(t, {
      body: JSON.stringify({
        id: 'resp_1',
        object: 'response',
        status: 'completed',
        output,
        usage,
      }),
    });
    const anthropic = await fakeUpstream(t, { body: '{}' });
    const dialectsOf = (dialect: string) => ({ config: { dialects: [dialect] } });
    const proxy = await startProxy(t, {
      providers: {
        openai: { type: 'CUSTOM', base_url: openai.url, ...dialectsOf('openai-responses') },
        anthropic: { type: 'CUSTOM', base_url: anthropic.url, ...dialectsOf('anthropic-messages') },
      },
      models: {
        gpt: { provider: 'openai', slug: 'gpt-5.4', pricing: 'none' },
        claude: { provider: 'anthropic', slug: 'claude-sonnet-4-6', pricing: 'none' },
      },
    });
    const ask = (model: string, ...messages: object[]) =>
      proxy.post('/v1/messages', {
        model,
        max_tokens: 99,
        tools: [{ type: 'web_search_20250305', name: 'web_search' }],
        messages: [QUESTION, ...messages],
      });
    const { content } = (await (await ask('gpt')).json()) as { content: { type: string }[] };
    assert.deepEqual(
      content.map(({ type }) => type),
      ['server_tool_use', 'web_search_tool_result', 'text'],
    );
    await (await ask('claude', { role: 'assistant', content }, QUESTION)).text();
    const sent = JSON.parse(anthropic.seen[0]?.body.toString() ?? '{}');
    assert.deepEqual(sent.messages[1].content, [
      { type: 'text', text: '[web search: weather]' },
      { type: 'text', text: 'It is fair.' },
    ]);
  });
});
