import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeSchema } from '../../../src/dialects/google-generate-content/read-schema.ts';

const rows: [name: string, schema: object, expected: object][] = [
  ['types are in lower case', { type: 'STRING' }, { type: 'string' }],
  ['a type that is none is left out', { type: 'TYPE_UNSPECIFIED' }, {}],
  ['nullable is a type beside', { type: 'STRING', nullable: true }, { type: ['string', 'null'] }],
  [
    'nullable is one of several',
    { anyOf: [{ type: 'STRING' }], nullable: true },
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
  ],
  [
    'null is one of the values too',
    { type: 'STRING', format: 'enum', enum: ['a'], nullable: true },
    { type: ['string', 'null'], enum: ['a', null] },
  ],
  ['counts are numbers', { min_items: '1', maxItems: '2' }, { minItems: 1, maxItems: 2 }],
  ['machine formats say nothing', { type: 'INTEGER', format: 'int64' }, { type: 'integer' }],
  ['other formats stay', { format: 'date-time' }, { format: 'date-time' }],
  [
    'names that look like keywords stay names',
    { properties: { type: { type: 'OBJECT' }, min_items: { type: 'NUMBER' }, format: {} } },
    { properties: { type: { type: 'object' }, min_items: { type: 'number' }, format: {} } },
  ],
  [
    'references and definitions are read through',
    { $defs: { A: { type: 'STRING' } }, $ref: '#/$defs/A' },
    { $defs: { A: { type: 'string' } }, $ref: '#/$defs/A' },
  ],
];

describe('a schema of a Gemini client as JSON Schema (X-43)', () => {
  for (const [name, schema, expected] of rows) {
    test(name, () => assert.deepEqual(decodeSchema({ ...schema }), expected));
  }

  test('the order of properties is the one that was asked for', () => {
    const properties = { a: {}, b: {}, c: {} };
    const decoded = decodeSchema({ properties, propertyOrdering: ['c', 'a', 'x'] });
    assert.deepEqual(Object.keys(decoded['properties'] as object), ['c', 'a', 'b']);
    assert.equal(decoded['propertyOrdering'], undefined);
  });
});
