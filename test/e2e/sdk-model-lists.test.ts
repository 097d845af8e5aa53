import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { collect } from '../support/call-both-ways.ts';
import { startProxy } from '../support/start-proxy.ts';

const apiKey = 'sk-ana-of-this-proxy';
const off = { type: 'MOCK', enabled: false };
const provider = 'simulator';

/** Models that the key may call, one that it may not, one that nobody can, and an alias. */
function start(t: TestContext) {
  return startProxy(t, {
    providers: { simulator: { type: 'MOCK' }, off },
    models: {
      big: { provider, type: 'reasoning', capabilities: ['vision'], context_window: 200_000 },
      'team/small': { provider },
      secret: { provider },
      dark: { provider: 'off' },
    },
    variants: { 'team/small-a': { model: 'team/small' } },
    model_alias: { default: 'big' },
    api_keys: { ana: { key: apiKey, models: ['big', 'team/*', 'dark'] } },
  });
}

const LISTED = ['big', 'team/small', 'team/small-a'];

describe('RES-8, API-7: GET /v1/models, told apart by its client', () => {
  test('the OpenAI SDK lists what its key may call, and reads one model', async (t) => {
    const { url } = await start(t);
    const { models } = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
    const listed = await collect(models.list());
    assert.deepEqual(
      listed.map(({ id }) => id),
      LISTED,
    );
    assert.equal(listed[0]?.object, 'model');
    const extension = Object(listed[0])['signalbox'];
    assert.deepEqual(
      [extension.type, extension.capabilities, extension.providers],
      ['reasoning', ['vision'], ['simulator']],
    );
    assert.equal((await models.retrieve('team/small-a')).id, 'team/small-a');
    await assert.rejects(models.retrieve('secret'), OpenAI.NotFoundError);
  });

  test('the Anthropic SDK lists the same, page by page', async (t) => {
    const { url } = await start(t);
    const { models } = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
    const listed = await collect(models.list({ limit: 1 }));
    assert.deepEqual(
      listed.map(({ id }) => id),
      LISTED,
    );
    assert.equal(listed[0]?.type, 'model');
    assert.equal(listed[0]?.max_input_tokens, 200_000);
    assert.equal((await models.retrieve('big')).display_name, 'big');
    await assert.rejects(models.retrieve('dark'), Anthropic.NotFoundError);
  });

  for (const apiVersion of ['v1beta', 'v1']) {
    test(`API-3: the Google SDK lists the same under /${apiVersion}`, async (t) => {
      const { url } = await start(t);
      const { models } = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url, apiVersion } });
      const listed = await collect(models.list({ config: { pageSize: 2 } }));
      assert.deepEqual(
        listed.map(({ name }) => name),
        LISTED.map((name) => `models/${name}`),
      );
      assert.equal(listed[0]?.inputTokenLimit, 200_000);
      assert.equal((await models.get({ model: 'big' })).name, 'models/big');
      await assert.rejects(models.get({ model: 'secret' }), /models\/secret is not found/);
    });
  }

  test('a key that nobody knows gets the error of its API', async (t) => {
    const { url } = await start(t);
    const wrong = { apiKey: 'sk-wrong', maxRetries: 0 };
    const openai = new OpenAI({ ...wrong, baseURL: `${url}/v1` });
    await assert.rejects(openai.models.list(), OpenAI.AuthenticationError);
    const anthropic = new Anthropic({ ...wrong, baseURL: url });
    await assert.rejects(anthropic.models.list(), Anthropic.AuthenticationError);
    const google = new GoogleGenAI({ ...wrong, httpOptions: { baseUrl: url } });
    await assert.rejects(google.models.list(), /UNAUTHENTICATED/);
  });
});
