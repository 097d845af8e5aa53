import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './problems-of.ts';

function problemsWith(url: string): string[] {
  return problemsOf(`providers: { p: { type: CUSTOM, base_url: "${url}" } }`);
}

describe('checkUrls', () => {
  test('an address that ends in a route is an error', () => {
    for (const route of ['/chat/completions', '/completions', '/messages', '/responses']) {
      for (const end of ['', '/']) {
        assert.deepEqual(problemsWith(`https://api.example.com/v1${route}${end}`), [
          `1:43 providers.p.base_url: ends in the route \`${route}\`, which each call adds itself; leave it out`,
        ]);
      }
    }
  });

  test('an address with its version twice is an error', () => {
    assert.deepEqual(problemsWith('https://api.example.com/v1/v1/'), [
      '1:43 providers.p.base_url: holds the version twice; write /v1 once',
    ]);
  });

  test('addresses of APIs are fine', () => {
    for (const url of [
      'https://api.example.com',
      'https://api.example.com/v1/',
      'https://api.example.com/api/paas/v4',
      'https://api.example.com/v1beta/openai',
      'https://messages.example.com/some-messages',
    ]) {
      assert.deepEqual(problemsWith(url), []);
    }
  });
});
