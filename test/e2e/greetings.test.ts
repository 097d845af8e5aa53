import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/send-raw.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, readError, WIRES } from '../support/wires.ts';

const [chat, responses, messages] = WIRES;
assert.ok(chat && responses && messages);

describe('what clients do before and around their calls', () => {
  test('API-7: HEAD / and HEAD /api/hello are greeted, as Claude Code expects', async (t) => {
    const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
    for (const path of ['/', '/api/hello', '/?x=1']) {
      const head = await sendRaw(proxy.url + path, { method: 'HEAD' });
      assert.deepEqual([head.status, head.text], [200, ''], path);
      const get = await sendRaw(proxy.url + path);
      assert.deepEqual(JSON.parse(get.text), { name: 'signalbox', status: 'ok' });
    }
  });

  test('API-1: a slash at the end of a path changes nothing', async (t) => {
    const upstream = await fakeUpstream(t, plainAnswer(chat));
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const answer = await proxy.post(`${chat.path('m')}/?x=1`, chat.request('m'));
    assert.equal(await answer.text(), JSON.stringify(chat.answer));
    for (const path of ['/ui/', '/v1/models/', '/health/live/']) {
      assert.equal((await sendRaw(proxy.url + path)).status, 200, path);
    }
  });

  test('API-7: a WebSocket upgrade is answered 426 in one attempt', async (t) => {
    const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    let seen = '';
    socket.on('data', (chunk) => {
      seen += chunk;
    });
    socket.write(
      [
        'GET /v1/responses HTTP/1.1',
        'Host: 127.0.0.1',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'OpenAI-Beta: responses_websockets=2026-02-06',
        '\r\n',
      ].join('\r\n'),
    );
    await once(socket, 'close');
    assert.match(seen, /^HTTP\/1\.1 426 Upgrade Required\r\n/);
    assert.match(seen, /"code":"upgrade_required"/);
  });

  test('API-6: an offer of h2c, as the Java client makes it with each request, is passed over', async (t) => {
    const upstream = await fakeUpstream(t, plainAnswer(chat));
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const answer = await sendRaw(proxy.url + chat.path('m'), {
      method: 'POST',
      headers: {
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: 'h2c',
        'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
        'content-type': 'application/json',
      },
      body: JSON.stringify(chat.request('m')),
    });
    assert.deepEqual([answer.status, answer.text], [200, JSON.stringify(chat.answer)]);
    assert.equal(upstream.seen[0]?.headers.upgrade, undefined);
  });

  test('API-7: ?beta=true changes nothing', async (t) => {
    const upstream = await fakeUpstream(t, plainAnswer(messages));
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const response = await proxy.post('/v1/messages?beta=true', messages.request('m'));
    assert.equal(await response.text(), JSON.stringify(messages.answer));
  });

  test('API-7: a server-side thread gets the answer that makes the SDK send its history', async (t) => {
    const upstream = await fakeUpstream(t, plainAnswer(messages));
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    for (const thread of [
      { type: 'create' },
      { type: 'continue', previous_message_id: 'msg_1' },
      null,
    ]) {
      const response = await proxy.post('/v1/messages', { ...messages.request('m'), thread });
      assert.equal(response.status, 400);
      const body = (await response.json()) as { request_id: string };
      assert.deepEqual(body, {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'Server-side threads are not kept here; send the whole conversation.',
          details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] },
        },
        request_id: response.headers.get('request-id'),
      });
    }
    assert.equal(upstream.seen.length, 0);
  });

  test('API-1, API-2, API-3: every route works with its version and without', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const json = [
      '/chat/completions',
      '/responses',
      '/responses/input_tokens',
      '/completions',
      '/embeddings',
      '/images/generations',
      '/images/edits',
      '/moderations',
      '/messages',
      '/messages/count_tokens',
      ...['generateContent', 'countTokens', 'embedContent', 'batchEmbedContents'].map(
        (verb) => `/models/m:${verb}`,
      ),
    ];
    for (const path of json) {
      for (const version of path.startsWith('/models') ? ['/v1beta', '/v1', ''] : ['/v1', '']) {
        const { status } = await proxy.post(version + path, { model: 'm' });
        assert.equal(status, 200, version + path);
        const slugged = path.replace('/m:', '/slug-1:');
        const upstreamVersion = path.startsWith('/models') ? '/v1beta' : '/v1';
        assert.equal(upstream.seen.at(-1)?.url, upstreamVersion + slugged);
      }
    }
  });

  test('API-7: errors of GET /v1/responses/{id} and its kin come in the shape of OpenAI', async (t) => {
    const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
    for (const [method, path] of [
      ['GET', '/v1/responses/resp_1'],
      ['DELETE', '/v1/responses/resp_1'],
      ['POST', '/v1/responses/resp_1/cancel'],
    ] as const) {
      const response = await fetch(proxy.url + path, { method });
      assert.equal(response.status, 404);
      assert.equal(readError(responses, await response.json()).code, 'route_not_found');
    }
  });
});
