import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { WIRES } from '../support/wires.ts';

const REQUEST_ID = /^req_[0-9a-f-]{36}$/;

describe('a model that is not known', () => {
  test('ERR-1: each surface says so in the words of its API', async (t) => {
    const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
    const ask = async (path: string, model: string) => {
      const response = await proxy.post(path, { model, messages: [] });
      assert.equal(response.status, 404);
      assert.equal(response.headers.get('content-type'), 'application/json');
      assert.match(response.headers.get('x-request-id') ?? '', REQUEST_ID);
      return {
        headers: response.headers,
        body: (await response.json()) as { request_id?: string },
      };
    };
    for (const path of ['/v1/chat/completions', '/v1/responses', '/embeddings']) {
      assert.deepEqual((await ask(path, 'gpt-9:fast')).body, {
        error: {
          message: 'The model `gpt-9:fast` does not exist or you do not have access to it.',
          type: 'invalid_request_error',
          param: 'model',
          code: 'model_not_found',
        },
      });
    }
    const { body, headers } = await ask('/v1/messages', 'claude-9');
    assert.deepEqual(body, {
      type: 'error',
      error: { type: 'not_found_error', message: 'model: claude-9', code: 'model_not_found' },
      request_id: headers.get('request-id'),
    });
    for (const path of [
      '/v1beta/models/gemini-9:generateContent',
      '/v1/models/gemini-9:countTokens',
    ]) {
      assert.deepEqual((await ask(path, '')).body, {
        error: {
          code: 404,
          message:
            'models/gemini-9 is not found for API version v1beta, or is not supported for generateContent.',
          status: 'NOT_FOUND',
          details: [
            { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'model_not_found' },
          ],
        },
      });
    }
  });

  test('RES-1: what is no name at all is 400, and a long one is quoted in part', async (t) => {
    const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
    const [chat, responses, messages] = WIRES;
    for (const wire of [chat, responses, messages]) {
      for (const model of [undefined, null, '', 7, ['m'], { m: 1 }]) {
        const response = await proxy.post(wire?.path('') ?? '', { model });
        assert.equal(response.status, 400, JSON.stringify(model));
        assert.match(await response.text(), /`model` must be a non-empty string/);
      }
      const response = await proxy.post(wire?.path('') ?? '', { model: 'x'.repeat(100_000) });
      assert.equal(response.status, 404);
      assert.ok((await response.text()).length < 1_000);
    }
    // No trimming, no case folding.
    for (const model of ['M', ' m', 'm ']) {
      assert.equal((await proxy.post('/v1/chat/completions', { model })).status, 404, model);
    }
  });

  test('SEC-6: a name of megabytes is no wildcard’s, and leaves no trace of its length', async (t) => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const proxy = await startProxy(t, {
      providers: { sim: { type: 'MOCK' } },
      models: { 'vendor/*': { provider: 'sim', pricing: 'none' } },
    });
    const ask = async (tail: string) => {
      const messages = [{ role: 'user', content: 'Hi' }];
      const model = `vendor/${tail}`;
      const response = await proxy.post('/v1/chat/completions', { model, messages });
      await response.text();
      for (const [name, value] of response.headers) assert.ok(value.length < 1_000, name);
      return response.status;
    };
    assert.equal(await ask('x'.repeat(249)), 200);
    assert.equal(await ask('x'.repeat(250)), 404);
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 10; index += 1) {
      assert.equal(await ask(String(index).repeat(5_000_000)), 404);
    }
    collect();
    const grownMb = (process.memoryUsage().heapUsed - before) / 1e6;
    assert.ok(grownMb < 20, `the memory grew by ${grownMb} MB`);
    for (const line of await proxy.ledger()) assert.ok(JSON.stringify(line).length < 2_000);
  });
});
