import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { suggest } from '../../src/core/suggest.ts';

describe('suggest (CFG-2, CLI-3)', () => {
  const known = ['port', 'host', 'base_url', 'max_body', 'policies', 'OPENAI'];
  const near: Record<string, string> = {
    prot: 'port',
    baseUrl: 'base_url',
    'base-url': 'base_url',
    polices: 'policies',
    openai: 'OPENAI',
  };
  for (const [typed, meant] of Object.entries(near)) {
    test(`${typed} means ${meant}`, () => {
      assert.equal(suggest(typed, known), `; did you mean \`${meant}\`?`);
    });
  }

  for (const typed of ['', 'temperature', 'xyz', 'a']) {
    test(`"${typed}" means none of them`, () => assert.equal(suggest(typed, known), ''));
  }

  test('names of one letter are neither guessed nor guessed from', () => {
    assert.equal(suggest('p', ['q', 'pq']), '');
    assert.equal(suggest('ab', ['a', 'b']), '');
  });

  test('without candidates there is nothing to suggest', () =>
    assert.equal(suggest('port', []), ''));
});
