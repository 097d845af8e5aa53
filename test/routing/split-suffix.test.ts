import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SUFFIXES } from '../../src/routing/profiles.ts';
import { splitSuffix } from '../../src/routing/split-suffix.ts';

describe('splitSuffix (RES-3)', () => {
  for (const suffix of SUFFIXES) {
    test(`:${suffix} is a suffix after the last colon`, () => {
      assert.deepEqual(splitSuffix(`a:b:${suffix}`), { base: 'a:b', suffix });
    });
  }

  for (const id of [
    'gpt-4o',
    'llama3:8b',
    'x:free',
    'x:COST',
    'x:',
    'cost',
    'x:cost ',
    'x:__proto__',
  ]) {
    test(`\`${id}\` has no suffix`, () => assert.equal(splitSuffix(id), null));
  }
});
