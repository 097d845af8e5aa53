import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readCredential, withoutCredential } from '../../src/server/credential.ts';

describe('readCredential', () => {
  test('API-7: every form counts on every surface, and an empty one is absent', () => {
    for (const surface of ['openai', 'anthropic', 'google'] as const) {
      for (const name of ['x-api-key', 'x-goog-api-key', 'api-key']) {
        assert.equal(readCredential(surface, { [name]: 'k' }, new URLSearchParams()), 'k');
      }
      assert.equal(readCredential(surface, {}, new URLSearchParams('key=k')), 'k');
      const bearer = { authorization: 'BEARER  k ', 'x-api-key': '' };
      assert.equal(readCredential(surface, bearer, new URLSearchParams('key=')), 'k');
      for (const authorization of ['Basic k', 'k', 'Bearer', 'Bearer   ']) {
        assert.equal(readCredential(surface, { authorization }, new URLSearchParams()), null);
      }
    }
  });

  test('KEY-1: the form of the surface itself comes first', () => {
    const headers = { authorization: 'Bearer b', 'x-api-key': 'x', 'x-goog-api-key': 'g' };
    const query = new URLSearchParams('key=q');
    assert.equal(readCredential('openai', headers, query), 'b');
    assert.equal(readCredential('anthropic', headers, query), 'x');
    assert.equal(readCredential('google', headers, query), 'g');
    assert.equal(readCredential('google', { authorization: 'Bearer b' }, query), 'q');
  });
});

describe('withoutCredential', () => {
  test('KEY-1: no query that is left holds a key, however its name was spelled', () => {
    const name = fc.oneof(
      fc.constantFrom('key', '%6bey', 'k%65y', '%6B%65%79', 'keys', 'Key', 'alt'),
      fc.string(),
    );
    const pair = fc.tuple(name, fc.string()).map(([key, value]) => `${key}=${value}`);
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        const left = withoutCredential(`?${pairs.join('&')}`);
        assert.equal(new URLSearchParams(left).has('key'), false);
      }),
    );
  });

  test('what stays, stays as it was spelled', () => {
    for (const [query, left] of [
      ['', ''],
      ['?', ''],
      ['?key=1', ''],
      ['?key', ''],
      ['?alt=sse&key=1', '?alt=sse'],
      ['?%24alt=a%20b+c&key=1&x', '?%24alt=a%20b+c&x'],
      ['?keyed=1&monkey=2', '?keyed=1&monkey=2'],
    ] as const) {
      assert.equal(withoutCredential(query), left);
    }
  });
});
