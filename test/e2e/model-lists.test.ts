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

type Entry = Record<string, unknown>;

/** How each API asks for its list, and where the names stand in it. */
interface Shape {
  name: string;
  path: string;
  headers: Record<string, string>;
  list: 'data' | 'models';
  id: 'id' | 'name';
}

const openai: Shape = { name: 'OpenAI', path: '/v1/models', headers: {}, list: 'data', id: 'id' };
const anthropic = { ...openai, name: 'Anthropic', headers: { 'anthropic-version': '2023-06-01' } };
const google: Shape = {
  ...openai,
  name: 'Google',
  path: '/v1beta/models',
  list: 'models',
  id: 'name',
};
const googleV1 = {
  ...google,
  name: 'Google on /v1',
  path: '/v1/models',
  headers: { 'x-goog-api-client': 'x' },
};

const SHAPES: Shape[] = [openai, anthropic, google, googleV1];

async function list(url: string, shape: Shape, key?: string): Promise<Entry[]> {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const headers = { ...shape.headers, ...authorization };
  const response = await fetch(url + shape.path, { headers });
  assert.equal(response.status, 200);
  const body = (await response.json()) as Record<string, Entry[]>;
  return body[shape.list] ?? [];
}

async function names(url: string, shape: Shape, key?: string): Promise<string[]> {
  const entries = await list(url, shape, key);
  return entries.map((entry) => String(entry[shape.id]).replace(/^models\//, ''));
}

describe('the list of models', () => {
  for (const shape of SHAPES) {
    test(`RES-8: in the shape of ${shape.name} it holds what has a usable endpoint, no alias, no suffix`, async (t) => {
      const proxy = await startProxy(t, CONFIG);
      assert.deepEqual(await names(proxy.url, shape), ['openai/gpt-4o', 'big', 'embed', 'big-ana']);
    });

    test(`RES-8: in the shape of ${shape.name} a key sees what it may call`, async (t) => {
      const api_keys = {
        ana: { key: 'ana-key', models: ['big*'], denied_models: ['big'] },
        none: { key: 'none-key' },
      };
      const proxy = await startProxy(t, { ...CONFIG, api_keys });
      assert.deepEqual(await names(proxy.url, shape, 'ana-key'), ['big-ana']);
      assert.deepEqual(await names(proxy.url, shape, 'none-key'), []);
    });
  }

  test('RES-8: with `list_aliases` names that lead to a listed model are there too', async (t) => {
    const proxy = await startProxy(t, { ...CONFIG, server: { list_aliases: true } });
    assert.deepEqual(await names(proxy.url, openai), [
      'openai/gpt-4o',
      'big',
      'embed',
      'big-ana',
      'fast',
      'quick',
    ]);
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
    const [first] = await list(proxy.url, openai);
    assert.deepEqual(first, {
      id: 'openai/gpt-4o',
      object: 'model',
      created: 0,
      owned_by: 'up',
      signalbox,
    });
    const [claude] = await list(proxy.url, anthropic);
    assert.equal(claude?.['type'], 'model');
    assert.equal(claude?.['display_name'], 'openai/gpt-4o');
    assert.equal(claude?.['max_input_tokens'], 128_000);
    assert.deepEqual(claude?.['signalbox'], signalbox);
    const [gemini, , embed] = await list(proxy.url, google);
    assert.equal(gemini?.['inputTokenLimit'], 128_000);
    assert.equal(gemini?.['outputTokenLimit'], 16_384);
    assert.deepEqual(gemini?.['signalbox'], signalbox);
    assert.deepEqual(embed?.['supportedGenerationMethods'], ['embedContent', 'batchEmbedContents']);
  });
});
