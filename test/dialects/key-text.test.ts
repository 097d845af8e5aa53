import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isText, keyText } from '../../src/dialects/key-text.ts';

const read = (text: string) => {
  const json = Buffer.from(`{"${text}":1}`);
  return keyText(json, 2, json.length - 4);
};

describe('keyText', () => {
  test('reads what stands there, whatever was read before', () => {
    // Few letters, so that many keys lead to the same place.
    const key = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', 'ä', '\\', '鍵'), maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 50 }), (keys) => {
        for (const each of [...keys, ...keys]) {
          const text = each.includes('\\') ? undefined : Buffer.from(each).toString();
          assert.equal(read(each), text);
        }
      }),
    );
  });

  test('finds a known key among others that begin alike', () => {
    for (const each of ['model', 'models', 'mode', '', 'model']) assert.equal(read(each), each);
  });
});

describe('isText', () => {
  test('compares the whole span', () => {
    const json = Buffer.from('{"model":1}');
    assert.ok(isText(json, 2, 7, 'model'));
    assert.ok(!isText(json, 2, 6, 'model'));
    assert.ok(!isText(json, 2, 8, 'model'));
    assert.ok(!isText(json, 8, 30, '":1}'));
  });
});
