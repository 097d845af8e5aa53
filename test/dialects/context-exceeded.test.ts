import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isContextExceeded } from '../../src/dialects/context-exceeded.ts';

describe('isContextExceeded', () => {
  test('the words of each provider are known', () => {
    for (const words of [
      'context_length_exceeded',
      'prompt is too long: 210000 tokens > 200000 maximum',
      "This model's maximum context length is 8192 tokens",
      'input length and max_tokens exceed context limit',
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    ]) {
      assert.ok(isContextExceeded(words), words);
    }
    assert.ok(!isContextExceeded('The model is overloaded.'));
  });

  test('SEC-6: a message of megabytes that an upstream wrote is judged at once', () => {
    const startedMs = performance.now();
    assert.ok(!isContextExceeded('input token count '.repeat(100_000)));
    assert.ok(performance.now() - startedMs < 2_000);
  });
});
