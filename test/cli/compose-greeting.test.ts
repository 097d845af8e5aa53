import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { composeGreeting } from '../../src/cli/compose-greeting.ts';

const url = 'http://127.0.0.1:4356';

describe('composeGreeting', () => {
  test('tells the page, the base URLs and the first few models in one line', () => {
    assert.equal(
      composeGreeting({ url, models: ['a', 'b', 'c', 'd', 'e'] }),
      `See calls at ${url}/ui · base URL ${url}/v1 for OpenAI clients, ${url} for Anthropic and Google clients · models: a, b, c, 2 more`,
    );
  });

  test('without models it says so', () => {
    assert.match(composeGreeting({ url, models: [] }), /models: none$/);
  });
});
