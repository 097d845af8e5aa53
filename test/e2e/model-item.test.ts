import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startProxy } from '../support/start-proxy.ts';

const CONFIG = {
  providers: { up: { type: 'MOCK' } },
  models: {
    'openai/gpt-4o': { provider: 'up', pricing: 'none' },
    'llama3:8b': { provider: 'up', pricing: 'none' },
  },
  api_keys: {
    ana: { key: 'ana-key', models: ['openai/gpt-4o'] },
    all: { key: 'all-key', models: ['*'] },
  },
};

const anthropic = { 'anthropic-version': '2026-10-21' };

/** Where a model is asked for, with what headers, and what names it in the answer. */
const ITEMS: [path: string, headers: Record<string, string>, member: string, name: string][] = [
  ['/v1/models/openai/gpt-4o', {}, 'id', 'openai/gpt-4o'],
  ['/models/openai%2Fgpt-4o', {}, 'id', 'openai/gpt-4o'],
  ['/v1/models/llama3:8b', {}, 'id', 'llama3:8b'],
  ['/v1/models/openai/gpt-4o', anthropic, 'id', 'openai/gpt-4o'],
  ['/v1/models/llama3%3A8b', anthropic, 'id', 'llama3:8b'],
  ['/v1beta/models/openai/gpt-4o', {}, 'name', 'models/openai/gpt-4o'],
  ['/v1/models/openai/gpt-4o?key=all-key', {}, 'name', 'models/openai/gpt-4o'],
  ['/v1/models/llama3:8b', { 'x-goog-api-client': 'genai-js' }, 'name', 'models/llama3:8b'],
];

async function get(url: string, key: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}`, ...headers } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('one model by its id', () => {
  test('RES-8: it is found in the shape of the client, with slashes and colons in its name', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    for (const [path, headers, member, name] of ITEMS) {
      const { status, body } = await get(proxy.url + path, 'all-key', headers);
      assert.equal(status, 200, path);
      assert.equal(body[member], name);
    }
  });

  test('RES-8, ERR-1: an unknown one and one without a grant are 404 in the same words', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    for (const id of ['llama3:8b', 'llama3:8b:cost', 'nothing/at/all']) {
      const openai = await get(`${proxy.url}/v1/models/${id}`, 'ana-key');
      assert.equal(openai.status, 404);
      assert.deepEqual(openai.body, {
        error: {
          message: `The model \`${id}\` does not exist or you do not have access to it.`,
          type: 'invalid_request_error',
          param: 'model',
          code: 'model_not_found',
        },
      });
      const { status, body } = await get(`${proxy.url}/v1/models/${id}`, 'ana-key', anthropic);
      assert.equal(status, 404);
      const error = { type: 'not_found_error', message: `model: ${id}`, code: 'model_not_found' };
      assert.deepEqual({ type: body['type'], error: body['error'] }, { type: 'error', error });
      const google = await get(`${proxy.url}/v1beta/models/${id}`, 'ana-key');
      assert.equal(google.status, 404);
      const { message, status: word } = google.body['error'] as Record<string, unknown>;
      const expected = `models/${id} is not found for API version v1beta, or is not supported for generateContent.`;
      assert.deepEqual([message, word], [expected, 'NOT_FOUND']);
    }
  });
});
