import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startProxy } from '../support/start-proxy.ts';

/** Two models on one simulator: `o` speaks OpenAI's API only, `g` Google's. */
function embeddingsConfig(baseUrl: string): Record<string, unknown> {
  const speaking = (dialect: string) => ({
    type: 'CUSTOM',
    base_url: baseUrl,
    config: { dialects: [dialect] },
  });
  const pricing = { embeddings_cost_per_1k_tokens: 0.001 };
  return {
    providers: { openai: speaking('openai-chat'), google: speaking('google-generate-content') },
    models: {
      o: { provider: 'openai', slug: 'embed', type: 'embeddings', pricing },
      g: { provider: 'google', slug: 'embed', type: 'embeddings', pricing },
    },
  };
}

const floats = (base64: string) => {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
};

describe('embeddings between APIs', () => {
  test('API-4, X-74: an OpenAI client gets the vectors of a Google upstream, in order and size', async (t) => {
    const simulator = await startSimulator();
    t.after(() => simulator.close());
    const proxy = await startProxy(t, embeddingsConfig(simulator.url));
    const body = { input: ['one', 'two'], dimensions: 8 };
    const answers = await Promise.all(
      ['o', 'g'].map(async (model) =>
        (await proxy.post('/v1/embeddings', { ...body, model })).json(),
      ),
    );
    const [native, translated] = answers as { data: { index: number; embedding: number[] }[] }[];
    assert.deepEqual(
      translated?.data.map(({ index }) => index),
      [0, 1],
    );
    for (const [row, { embedding }] of (translated?.data ?? []).entries()) {
      assert.equal(embedding.length, 8);
      const expected = native?.data[row]?.embedding ?? [];
      for (const [at, value] of embedding.entries())
        assert.ok(Math.abs(value - expected[at]!) < 1e-6);
    }
    const base64 = await proxy.post('/v1/embeddings', {
      ...body,
      model: 'g',
      encoding_format: 'base64',
    });
    const encoded = (await base64.json()) as { data: { embedding: string }[] };
    assert.equal(floats(encoded.data[0]?.embedding ?? '').length, 8);
    const lines = await proxy.ledger();
    assert.deepEqual(
      lines.map((line) => line['http_status']),
      [200, 200, 200],
    );
  });

  test('API-4, X-75: a Google client gets one vector, or a batch, of an OpenAI upstream', async (t) => {
    const simulator = await startSimulator();
    t.after(() => simulator.close());
    const proxy = await startProxy(t, embeddingsConfig(simulator.url));
    const content = (text: string) => ({ content: { parts: [{ text }] }, outputDimensionality: 4 });
    const one = await proxy.post('/v1beta/models/o:embedContent', {
      ...content('a'),
      taskType: 'X',
    });
    assert.equal(one.headers.get('x-signalbox-warnings'), 'dropped;field=taskType');
    const { embedding } = (await one.json()) as { embedding: { values: number[] } };
    assert.equal(embedding.values.length, 4);
    const batch = await proxy.post('/v1beta/models/o:batchEmbedContents', {
      requests: [content('a'), content('b')],
    });
    const { embeddings } = (await batch.json()) as { embeddings: { values: number[] }[] };
    assert.deepEqual(embeddings[0]?.values, embedding.values);
    assert.equal(embeddings.length, 2);
  });

  test('API-4: token ids mean nothing to another API, and are refused before anything is sent', async (t) => {
    const simulator = await startSimulator();
    t.after(() => simulator.close());
    const proxy = await startProxy(t, embeddingsConfig(simulator.url));
    const response = await proxy.post('/v1/embeddings', { model: 'g', input: [[1, 2, 3]] });
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: { code: string; param: string } };
    assert.deepEqual([error.code, error.param], ['unsupported_parameter', 'input']);
    assert.equal(simulator.bill().requests, 0);
  });
});
