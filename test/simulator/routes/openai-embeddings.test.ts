import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pick, pickList, pickText, startFor } from '../ask.ts';

describe('CFG-9 embeddings', () => {
  test('a text always has the same vector, and other texts others', async (t) => {
    const simulator = await startFor(t);
    const input = ['same', 'other', 'same'];
    const { body } = await ask(simulator, '/v1/embeddings', { model: 'm', input });
    const [one, other, again] = pickList(body, 'data').map((each) => pickList(each, 'embedding'));
    assert.deepEqual(one, again);
    assert.notDeepEqual(one, other);
    assert.equal(one?.length, 256);
  });

  test('base64 is little-endian float32', async (t) => {
    const simulator = await startFor(t);
    const asked = { model: 'm', input: 'text', dimensions: 4 };
    const floats = await ask(simulator, '/v1/embeddings', asked);
    const base64 = await ask(simulator, '/embeddings', { ...asked, encoding_format: 'base64' });
    const bytes = Buffer.from(pickText(base64.body, 'data.0.embedding'), 'base64');
    assert.deepEqual(
      [0, 4, 8, 12].map((offset) => bytes.readFloatLE(offset)),
      pick(floats.body, 'data.0.embedding'),
    );
  });

  test('token ids count as tokens', async (t) => {
    const simulator = await startFor(t);
    const input = [[1, 2, 3], [4]];
    const { body } = await ask(simulator, '/v1/embeddings', { model: 'm', input });
    assert.equal(pickList(body, 'data').length, 2);
    assert.equal(pick(body, 'usage.prompt_tokens'), 4);
    assert.equal(simulator.bill().byModel['m']?.usage.tokens.inText, 4);
  });

  test('empty input is refused', async (t) => {
    const simulator = await startFor(t);
    for (const input of ['', [], ['a', ''], null]) {
      assert.equal((await ask(simulator, '/v1/embeddings', { model: 'm', input })).status, 400);
    }
  });
});
