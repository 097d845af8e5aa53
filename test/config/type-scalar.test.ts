import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { typeScalar } from '../../src/config/type-scalar.ts';

describe('typeScalar (CFG-3)', () => {
  const plain = [
    'true',
    'False',
    'NULL',
    '~',
    '0',
    '-7',
    '+7',
    '007',
    '0o17',
    '0xFf',
    '1.5',
    '.5',
    '5.',
  ];
  const texts = [
    'yes',
    'no',
    'on',
    '1_000',
    '1,5',
    '0b1',
    'e5',
    '-',
    '.',
    '1e',
    'sk-123',
    '2027-01-01',
  ];
  for (const text of [...plain, '1e3', '-1.5E-3', ...texts]) {
    test(`${text} is typed as the YAML parser types it`, () => {
      assert.deepEqual(typeScalar(text), text === '-' ? '-' : parse(text));
    });
  }

  test('any digits, signs, points and letters are typed as the YAML parser types them', () => {
    const character = fc.constantFrom(...'0123456789+-.eExoaftrue'.split(''));
    fc.assert(
      fc.property(fc.string({ unit: character, minLength: 1, maxLength: 8 }), (text) => {
        // Structure rather than a scalar; and what JavaScript would not write back as it was.
        fc.pre(!/^(-+|\.\.\.|---.*)$/.test(text));
        assert.deepEqual(typeScalar(text), parse(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
