import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pick, startFor } from '../ask.ts';

describe('CFG-9 embedContent and batchEmbedContents', () => {
  test('one text or a batch has the vectors of the OpenAI route', async (t) => {
    const simulator = await startFor(t);
    const request = {
      content: { parts: [{ text: 'te' }, { text: 'xt' }] },
      outputDimensionality: 4,
    };
    const single = await ask(simulator, '/v1beta/models/m:embedContent', request);
    const batch = await ask(simulator, '/v1/models/m:batchEmbedContents', { requests: [request] });
    const asked = { model: 'm', input: 'text', dimensions: 4 };
    const openai = await ask(simulator, '/v1/embeddings', asked);
    const values = pick(openai.body, 'data.0.embedding');
    assert.deepEqual(pick(single.body, 'embedding.values'), values);
    assert.deepEqual(pick(batch.body, 'embeddings.0.values'), values);
    assert.equal(pick(batch.body, 'usageMetadata.promptTokenCount'), 1);
    assert.equal(simulator.bill().byModel['m']?.usage.tokens.inText, 3);
  });
});
