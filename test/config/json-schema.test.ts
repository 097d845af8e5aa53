import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createJsonSchema } from '../../src/config/json-schema.ts';
import { propertyNames } from './property-names.ts';

describe('createJsonSchema (CLI-10)', () => {
  const schema = createJsonSchema() as JsonObject;

  test('it names its dialect and refuses unknown keys', () => {
    assert.equal(schema['$schema'], 'https://json-schema.org/draft/2020-12/schema');
    assert.equal(schema['additionalProperties'], false);
    assert.equal(schema['required'], undefined);
  });

  test('it knows the keys of every part of the file', () => {
    const names = propertyNames(schema);
    for (const name of ['port', 'discount_percent', 'ttft_ms', 'above_input_tokens', 'timezone']) {
      assert.ok(names.has(name), name);
    }
  });

  test('every reference leads to a definition', () => {
    const definitions = schema['$defs'] as object;
    for (const [, name] of JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/g)) {
      assert.ok(Object.hasOwn(definitions, name ?? ''), name);
    }
  });

  test('a number may come from the environment', () => {
    const server = resolve(propertiesOf(schema)['server']);
    const port = propertiesOf(server)['port'];
    assert.equal(port?.['default'], 4356);
    assert.deepEqual(resolve(port)['anyOf'], [
      { type: 'integer', minimum: 0, maximum: 65_535 },
      { type: 'string', pattern: '^os\\.environ/.+$' },
    ]);
  });

  function resolve(node: JsonObject = {}): JsonObject {
    const name = String(node['$ref'] ?? '').replace('#/$defs/', '');
    return (schema['$defs'] as Record<string, JsonObject>)[name] ?? node;
  }
});

type JsonObject = Record<string, unknown>;

function propertiesOf(node: JsonObject): Record<string, JsonObject> {
  return node['properties'] as Record<string, JsonObject>;
}
