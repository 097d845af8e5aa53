import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/send-raw.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { readError, WIRES } from '../support/wires.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Bodies that are no JSON object, and the byte where they stop being one. */
const BROKEN: [body: string, says: string][] = [
  ['{"model":"m",}', 'Malformed JSON: Expected a key in quotes at byte 13.'],
  ['{"model":"m"', "Malformed JSON: Expected ',' or '}' at byte 12."],
  ["{'model':'m'}", 'Malformed JSON: Expected a key in quotes at byte 1.'],
  ['{"model":"m"} x', 'Malformed JSON: Unexpected text after the object at byte 14.'],
  ['["m"]', 'Malformed JSON: Expected a JSON object at byte 0.'],
  [`{"a":${'['.repeat(100_000)}`, 'Malformed JSON: Nested too deeply at byte 517.'],
  ['', 'The body is empty; send JSON.'],
];

describe('requests that are not right', () => {
  test('LED-6: a response that runs in the background is refused, as nobody could fetch it', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const body = { model: 'm', input: 'Write a book.', background: true };
    const response = await proxy.post('/v1/responses', body);
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    assert.deepEqual([error['code'], error['param']], ['unsupported_parameter', 'background']);
    assert.match(String(error['message']), /no route that fetches the answer later/);
    assert.equal(upstream.seen.length, 0);
  });

  for (const wire of WIRES) {
    const shape = async (answer: { status: number; text: string }, status: number) => {
      assert.equal(answer.status, status);
      return readError(wire, JSON.parse(answer.text));
    };

    test(`ERR-2, SEC-6: ${wire.name} tells where JSON is malformed`, async (t) => {
      const upstream = await fakeUpstream(t, {});
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      for (const [body, says] of BROKEN) {
        const url = proxy.url + wire.path('m');
        const answer = await sendRaw(url, { method: 'POST', headers: JSON_TYPE, body });
        const { code, message, type } = await shape(answer, 400);
        assert.deepEqual([code, message], ['invalid_json', says]);
        assert.match(type, /^(invalid_request_error|INVALID_ARGUMENT)$/);
      }
      assert.equal(upstream.seen.length, 0);
    });

    test(`ERR-2: ${wire.name} answers a wrong method with 405 and the right one`, async (t) => {
      const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
      for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
        // On the shared paths of models, the headers tell whose client it is.
        const headers = wire.surface === 'google' ? { 'x-goog-api-client': 'genai-js' } : {};
        const answer = await sendRaw(proxy.url + wire.path('m'), { method, headers });
        assert.equal((await shape(answer, 405)).code, 'method_not_allowed');
        assert.equal(answer.headers.allow, 'POST');
      }
      const head = await sendRaw(proxy.url + wire.path('m'), { method: 'HEAD' });
      assert.deepEqual([head.status, head.text], [405, '']);
    });

    test(`ERR-2, SEC-2: ${wire.name} answers a wrong content type with 415`, async (t) => {
      const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
      const body = JSON.stringify(wire.request('m'));
      for (const headers of [
        { 'content-type': 'text/plain' },
        { 'content-type': 'application/x-www-form-urlencoded' },
        { 'content-type': 'text/plain; x=application/json' },
        { 'content-type': 'multipart/form-data; boundary=x' },
        { ...JSON_TYPE, 'content-encoding': 'gzip' },
      ]) {
        const answer = await sendRaw(proxy.url + wire.path('m'), { method: 'POST', headers, body });
        assert.equal((await shape(answer, 415)).code, 'unsupported_media_type');
      }
    });

    test(`ERR-2: an unknown route near ${wire.name} is 404 in its shape`, async (t) => {
      const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
      const paths = {
        openai: ['/v1/chat/completion', '/v2/chat/completions', '/nothing', '/v1/files'],
        anthropic: ['/v1/messages/batches', '/messages/x'],
        google: ['/v1beta/files', '/v1beta/models/m:predict', '/v1/models/m:predict'],
      };
      for (const path of paths[wire.surface]) {
        const answer = await sendRaw(proxy.url + path, {
          method: 'POST',
          headers: JSON_TYPE,
          body: '{}',
        });
        const { code, message } = await shape(answer, 404);
        assert.equal(code, 'route_not_found', path);
        assert.ok(message.startsWith(`There is no route POST ${path};`), message);
      }
    });
  }

  test('ERR-2: pages and lists answer a wrong method with 405 and the right ones', async (t) => {
    const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
    for (const path of ['/', '/health/live', '/v1/route', '/v1/models', '/v1beta/models']) {
      const answer = await sendRaw(proxy.url + path, {
        method: 'POST',
        headers: JSON_TYPE,
        body: '{}',
      });
      assert.equal(answer.status, 405, path);
      assert.equal(answer.headers.allow, 'GET, HEAD');
    }
  });
});
