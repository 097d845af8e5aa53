import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { sampleSchema } from '../../src/simulator/sample-schema.ts';

const VALID: Record<string, Parameters<typeof z.fromJSONSchema>[0]> = {
  'plain properties': {
    type: 'object',
    properties: {
      name: { type: 'string' },
      count: { type: 'integer' },
      ratio: { type: 'number' },
      done: { type: 'boolean' },
      nothing: { type: 'null' },
      tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
    },
    required: ['name', 'count', 'ratio', 'done', 'nothing', 'tags'],
    additionalProperties: false,
  },
  'bounds of numbers': {
    type: 'object',
    properties: {
      low: { type: 'integer', maximum: -3 },
      high: { type: 'integer', minimum: 12 },
      step: { type: 'number', minimum: 7, multipleOf: 5 },
      between: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    },
    required: ['low', 'high', 'step', 'between'],
  },
  'texts with a form': {
    type: 'object',
    properties: {
      at: { type: 'string', format: 'date-time' },
      on: { type: 'string', format: 'date' },
      mail: { type: 'string', format: 'email' },
      id: { type: 'string', format: 'uuid' },
      long: { type: 'string', minLength: 20 },
      short: { type: 'string', maxLength: 2 },
    },
    required: ['at', 'on', 'mail', 'id', 'long', 'short'],
  },
  'alternatives, constants and nullable types': {
    type: 'object',
    properties: {
      kind: { const: 'circle' },
      size: { enum: [3, 5] },
      either: { anyOf: [{ type: 'number' }, { type: 'string' }] },
      maybe: { type: ['string', 'null'] },
      both: {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
          { type: 'object', properties: { b: { type: 'number' } }, required: ['b'] },
        ],
      },
    },
    required: ['kind', 'size', 'either', 'maybe', 'both'],
  },
  'references, also to itself': {
    $defs: {
      node: {
        type: 'object',
        properties: {
          label: { type: 'string' },
          next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
          children: { type: 'array', items: { $ref: '#/$defs/node' } },
        },
        required: ['label', 'next', 'children'],
      },
    },
    $ref: '#/$defs/node',
  },
};

describe('CFG-9 sampleSchema', () => {
  for (const [name, schema] of Object.entries(VALID)) {
    test(`its value is valid: ${name}`, () => {
      const { success, error } = z.fromJSONSchema(schema).safeParse(sampleSchema(schema, 'root'));
      assert.ok(success, error?.message);
    });
  }

  test('values are made of names, so that a reader sees where they came from', () => {
    const schema = {
      properties: { city: {}, days: { type: 'integer' }, tags: { items: { type: 'string' } } },
    };
    assert.deepEqual(sampleSchema(schema, 'root'), { city: 'city', days: 1, tags: ['tags'] });
  });

  test("Google's capital types are understood", () => {
    const schema = { type: 'OBJECT', properties: { list: { type: 'ARRAY', minItems: '2' } } };
    assert.deepEqual(sampleSchema(schema, 'root'), { list: ['list', 'list'] });
  });

  test('a schema that never ends is given up', () => {
    const schema = { $ref: '#', properties: { again: { $ref: '#' } }, required: ['again'] };
    assert.equal(typeof sampleSchema(schema, 'root'), 'object');
    assert.equal(sampleSchema({ $ref: '#' }, 'root'), 'root');
  });
});
