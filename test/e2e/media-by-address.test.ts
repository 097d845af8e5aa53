import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { startProxy } from '../support/start-proxy.ts';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk', 'base64');

const ANSWERS: Record<string, unknown> = {
  'google-generate-content': {
    candidates: [{ content: { role: 'model', parts: [{ text: 'a cat' }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 2, totalTokenCount: 11 },
  },
  'anthropic-messages': {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 's',
    content: [{ type: 'text', text: 'a cat' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 9, output_tokens: 2 },
  },
  'openai-chat': {
    id: 'chatcmpl-1',
    model: 's',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'a cat' }, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
  },
};

type Media = Record<string, unknown>;

/** A proxy whose model `m` is served by these dialects in turn, and a web server with media. */
async function start(t: TestContext, dialects: string[], media: Media = {}) {
  const web = await fakeUpstream(t, ({ url }) => {
    if (url === '/page') return { headers: { 'content-type': 'text/html' }, body: '<p>Log in' };
    if (url === '/notes') return { headers: { 'content-type': 'text/plain' }, body: 'Remember.' };
    const type = url === '/cat.pdf' ? 'application/pdf' : 'application/octet-stream';
    return { headers: { 'content-type': type }, body: PNG };
  });
  const bodies: Record<string, unknown>[] = [];
  const upstreams = await Promise.all(
    dialects.map((dialect) =>
      fakeUpstream(t, ({ body }) => {
        bodies.push(JSON.parse(body.toString()));
        return { body: JSON.stringify(ANSWERS[dialect]) };
      }),
    ),
  );
  const providers = dialects.map((dialect, index) => [
    `p${index}`,
    { type: 'CUSTOM', base_url: upstreams[index]?.url, config: { dialects: [dialect] } },
  ]);
  const proxy = await startProxy(t, {
    media: { private_hosts: ['127.0.0.1'], ...media },
    providers: Object.fromEntries(providers),
    models: {
      m: {
        endpoints: dialects.map((_, index) => ({
          provider: `p${index}`,
          slug: 'gemini-2.5-pro',
          pricing: 'none',
        })),
      },
    },
  });
  return { proxy, web, bodies };
}

function chatWith(url: string) {
  const content = [
    { type: 'text', text: 'What is it?' },
    { type: 'image_url', image_url: { url } },
  ];
  return { model: 'm', messages: [{ role: 'user', content }] };
}

describe('media given by its address', () => {
  test('SEC-4: is fetched for Gemini, which wants it in the request', async (t) => {
    const { proxy, web, bodies } = await start(t, ['google-generate-content']);
    const response = await proxy.post('/v1/chat/completions', chatWith(`${web.url}/cat`));
    assert.equal(response.status, 200, await response.clone().text());
    const data = PNG.toString('base64');
    assert.deepEqual(bodies[0]?.['contents'], [
      {
        role: 'user',
        parts: [{ text: 'What is it?' }, { inlineData: { mimeType: 'image/png', data } }],
      },
    ]);
    assert.deepEqual(Object.keys(web.seen[0]?.headers ?? {}).sort(), [
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
  });

  test('SEC-4: stands in tool results as well', async (t) => {
    const { proxy, web, bodies } = await start(t, ['google-generate-content']);
    const response = await proxy.post('/v1/messages', {
      model: 'm',
      max_tokens: 100,
      messages: [
        { role: 'user', content: 'Look.' },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              content: [{ type: 'image', source: { type: 'url', url: `${web.url}/cat` } }],
            },
          ],
        },
      ],
    });
    assert.equal(response.status, 200, await response.clone().text());
    assert.match(JSON.stringify(bodies[0]), new RegExp(PNG.toString('base64').slice(0, 20)));
  });

  test('SEC-4: a PDF by address becomes a file for chat completions, a text becomes text', async (t) => {
    const { proxy, web, bodies } = await start(t, ['openai-chat']);
    const documents = ['cat.pdf', 'notes'].map((name) => ({
      type: 'document',
      source: { type: 'url', url: `${web.url}/${name}` },
    }));
    const messages = [{ role: 'user', content: documents }];
    const response = await proxy.post('/v1/messages', { model: 'm', max_tokens: 9, messages });
    assert.equal(response.status, 200, await response.clone().text());
    const file_data = `data:application/pdf;base64,${PNG.toString('base64')}`;
    assert.deepEqual(bodies[0]?.['messages'], [
      {
        role: 'user',
        content: [
          { type: 'file', file: { filename: 'document.pdf', file_data } },
          { type: 'text', text: 'Remember.' },
        ],
      },
    ]);
  });

  test('X-41: stays an address where the API takes addresses', async (t) => {
    const { proxy, web, bodies } = await start(t, ['anthropic-messages']);
    const url = `${web.url}/cat`;
    const response = await proxy.post('/v1/chat/completions', chatWith(url));
    assert.equal(response.status, 200, await response.clone().text());
    assert.match(JSON.stringify(bodies[0]), new RegExp(`"type":"url","url":"${url}"`));
    assert.equal(web.seen.length, 0);
  });

  test('SEC-4: is no media, has no public address, or fetching is off: 400, and nobody is asked', async (t) => {
    const open = await start(t, ['google-generate-content']);
    const closed = await start(t, ['google-generate-content'], { fetch: false });
    const ask = async ({ proxy, bodies }: typeof open, url: string) => {
      const response = await proxy.post('/v1/chat/completions', chatWith(url));
      assert.equal(response.status, 400);
      assert.equal(bodies.length, 0);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      assert.equal(error.code, 'media_fetch_failed');
      return error.message;
    };
    assert.match(
      await ask(open, `${open.web.url}/page`),
      /cannot be used as image: its type is text\/html/,
    );
    assert.match(await ask(open, 'http://127.0.0.2:9/cat'), /no public address/);
    assert.match(await ask(closed, `${open.web.url}/cat`), /is not fetched/);
  });

  test('SEC-4: what cannot be fetched can still be answered by an endpoint that takes addresses', async (t) => {
    const { proxy, bodies } = await start(t, ['google-generate-content', 'anthropic-messages']);
    const response = await proxy.post('/v1/chat/completions', chatWith('http://127.0.0.2:9/cat'));
    assert.equal(response.status, 200, await response.clone().text());
    assert.match(JSON.stringify(bodies), /127\.0\.0\.2:9/);
  });
});
