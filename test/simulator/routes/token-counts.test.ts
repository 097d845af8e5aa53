import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pick, startFor } from '../ask.ts';

describe('CFG-9 token counts', () => {
  test('each dialect counts like its bill, and counting is free', async (t) => {
    const simulator = await startFor(t);
    const contents = [{ parts: [{ text: 'Hello there' }] }];
    const [responses, messages, gemini, wrapped] = await Promise.all([
      ask(simulator, '/v1/responses/input_tokens', { model: 'm', input: 'Hello there' }),
      ask(simulator, '/v1/messages/count_tokens?beta=true', {
        model: 'm',
        messages: [{ role: 'user', content: 'Hello there' }],
      }),
      ask(simulator, '/v1beta/models/m:countTokens', { contents }),
      ask(simulator, '/v1/models/m:countTokens', { generateContentRequest: { contents } }),
    ]);
    assert.deepEqual(responses?.body, { object: 'response.input_tokens', input_tokens: 3 });
    assert.deepEqual(messages?.body, { input_tokens: 3 });
    assert.equal(pick(gemini?.body, 'totalTokens'), 3);
    assert.deepEqual(gemini?.body, wrapped?.body);
    assert.equal(simulator.bill().requests, 0);
  });
});
