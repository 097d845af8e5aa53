import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startProxy } from '../support/start-proxy.ts';

const PRICE = {
  input: { text_cost_per_1k_tokens: 0.01 },
  output: { text_cost_per_1k_tokens: 0.03 },
};

/** Four models of which three can be called, a variant, and aliases. */
const CONFIG = {
  providers: {
    up: { type: 'MOCK', discount_percent: 25 },
    off: { type: 'MOCK', enabled: false },
  },
  models: {
    'openai/gpt-4o': {
      provider: 'up',
      capabilities: ['vision'],
      context_window: 128_000,
      max_output_tokens: 16_384,
      pricing: PRICE,
    },
    big: { endpoints: [{ provider: 'off' }, { provider: 'up' }], pricing: 'none' },
    gone: { provider: 'off', pricing: 'none' },
    embed: { provider: 'up', type: 'embeddings', pricing: 'none' },
  },
  variants: { 'big-ana': { model: 'big' } },
  model_alias: { fast: 'big', quick: 'big:latency', nothing: 'nowhere', embed: 'big' },
};

const SHAPES = [
  { name: 'OpenAI', headers: {}, path: '/v1/models', ids: 'data.id' },
  {
    name: 'Anthropic',
    headers: { 'anthropic-version': '2023-06-01' },
    path: '/v1/models',
    ids: 'data.id',
  },
  {
    name: 'Google',
    headers: { 'x-goog-api-key': 'ana-key' },
    path: '/v1/models',
    ids: 'models.name',
  },
  { name: 'Google v1beta', headers: {}, path: '/v1beta/models', ids: 'models.name' },
] as const;

type Entry = Record<string, unknown>;

async function list(url: string, { headers, path, ids }: (typeof SHAPES)[number], key?: string) {
  const auth = key === undefined ? {} : { authorization: `Bearer ${key}`, 'x-goog-api-key': key };
  const sent =
    'x-goog-api-key' in headers || path.includes('beta')
      ? auth
      : { authorization: `Bearer ${key}` };
  const response = await fetch(url + path, { headers: { ...headers, ...sent } });
  assert.equal(response.status, 200);
  const body = (await response.json()) as Record<string, Entry[]>;
  const [member = '', name = ''] = ids.split('.');
  return {
    body,
    names: body[member]?.map((entry) => String(entry[name]).replace(/^models\//, '')),
  };
}

describe('the list of models', () => {
  for (const shape of SHAPES) {
    test(`RES-8: in the shape of ${shape.name} it holds what has a usable endpoint, no alias, no suffix`, async (t) => {
      const proxy = await startProxy(t, CONFIG);
      const { names } = await list(proxy.url, shape);
      assert.deepEqual(names, ['openai/gpt-4o', 'big', 'embed', 'big-ana']);
    });

    test(`RES-8: in the shape of ${shape.name} a key sees what it may call`, async (t) => {
      const api_keys = {
        ana: { key: 'ana-key', models: ['big*'], denied_models: ['big'] },
        none: { key: 'none-key' },
      };
      const proxy = await startProxy(t, { ...CONFIG, api_keys });
      assert.deepEqual((await list(proxy.url, shape, 'ana-key')).names, ['big-ana']);
      assert.deepEqual((await list(proxy.url, shape, 'none-key')).names, []);
    });
  }

  test('RES-8: with `list_aliases` names that lead to a listed model are there too', async (t) => {
    const proxy = await startProxy(t, { ...CONFIG, server: { list_aliases: true } });
    const { names } = await list(proxy.url, SHAPES[0]);
    assert.deepEqual(names, ['openai/gpt-4o', 'big', 'embed', 'big-ana', 'fast', 'quick']);
    const one = await fetch(`${proxy.url}/v1/models/quick`);
    assert.equal(((await one.json()) as Entry)['id'], 'quick');
  });

  test('RES-8: each entry tells what Signalbox knows of the model, its discounted price included', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    const signalbox = {
      type: 'chat',
      capabilities: ['vision'],
      context_window: 128_000,
      max_output_tokens: 16_384,
      providers: ['up'],
      pricing: { input_text: '0.0075', output_text: '0.0225' },
    };
    const first = async (shape: (typeof SHAPES)[number]) => {
      const { body } = await list(proxy.url, shape);
      return (body['data'] ?? body['models'])?.[0];
    };
    const openai = { id: 'openai/gpt-4o', object: 'model', created: 0, owned_by: 'up', signalbox };
    assert.deepEqual(await first(SHAPES[0]), openai);
    const anthropic = await first(SHAPES[1]);
    assert.equal(anthropic?.['type'], 'model');
    assert.equal(anthropic?.['display_name'], 'openai/gpt-4o');
    assert.equal(anthropic?.['max_input_tokens'], 128_000);
    assert.deepEqual(anthropic?.['signalbox'], signalbox);
    const google = await first(SHAPES[3]);
    assert.equal(google?.['inputTokenLimit'], 128_000);
    assert.equal(google?.['outputTokenLimit'], 16_384);
    assert.deepEqual(google?.['signalbox'], signalbox);
    const { body } = await list(proxy.url, SHAPES[3]);
    const methods = body['models']?.map((entry) => entry['supportedGenerationMethods']);
    assert.deepEqual(methods?.[2], ['embedContent', 'batchEmbedContents']);
  });
});
