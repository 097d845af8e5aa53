import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Path } from '../../src/config/finding.ts';
import { locate } from '../../src/config/locate.ts';
import { parseYaml } from '../../src/config/parse-yaml.ts';

const text = `providers:
  a: &base
    type: MOCK
    keys: { one: x }
  b:
    <<: *base
    byok: true
  c: *base
models:
  m:
    endpoints:
      - provider: a
      - { provider: b, slug: "x" }
empty:
`;

function place(path: Path, at?: 'key'): string {
  const parsed = parseYaml(text);
  assert.ok('document' in parsed);
  const { line, column } = locate(parsed, path, at);
  return `${line}:${column}`;
}

describe('locate (CFG-2)', () => {
  const places: [path: Path, value: string, key: string][] = [
    [['providers', 'a', 'type'], '3:11', '3:5'],
    [['providers', 'a', 'keys', 'one'], '4:18', '4:13'],
    [['models', 'm', 'endpoints', 1, 'slug'], '13:30', '13:24'],
    [['models', 'm', 'endpoints', 0], '12:9', '12:9'],
    [['empty'], '14:7', '14:1'],
  ];
  for (const [path, value, key] of places) {
    test(`${path.join('.')} is at ${value}, its key at ${key}`, () => {
      assert.equal(place(path), value);
      assert.equal(place(path, 'key'), key);
    });
  }

  test('a merged value is where it was written', () => {
    assert.equal(place(['providers', 'b', 'type']), '3:11');
    assert.equal(place(['providers', 'b', 'byok']), '7:11');
  });

  test('an aliased value is where its anchor is', () => {
    assert.equal(place(['providers', 'c', 'keys', 'one']), '4:18');
  });

  test('what is not there is at the key of what it belongs to', () => {
    assert.equal(place(['models', 'm', 'provider']), '10:3');
    assert.equal(place(['models', 'm', 'endpoints', 7, 'slug']), '11:5');
  });

  test('the root is at the start of the file', () => assert.equal(place([]), '1:1'));
});
