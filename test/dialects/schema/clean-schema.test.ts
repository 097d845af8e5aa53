import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { asObject, isObject, type JsonObject } from '../../../src/dialects/json-object.ts';
import {
  cleanSchema,
  objectRoot,
  type SchemaTarget,
} from '../../../src/dialects/schema/clean-schema.ts';

/** A property's schema after cleaning it inside an object. */
function cleanProperty(property: unknown, target: SchemaTarget): unknown {
  const schema = {
    type: 'object',
    properties: { value: property },
    required: ['value'],
    additionalProperties: false,
  };
  const cleaned = cleanSchema(schema, target).schema;
  return asObject(cleaned['properties'])['value'];
}

interface Row {
  what: string;
  target: SchemaTarget;
  given: unknown;
  expected: unknown;
}

const ROWS: Row[] = [
  {
    what: 'a list of types with null stays',
    target: 'google-json',
    given: { type: ['string', 'null'] },
    expected: { type: ['string', 'null'] },
  },
  {
    what: 'a list of types with null becomes alternatives, with what concerns each',
    target: 'anthropic-strict',
    given: { type: ['string', 'null'], description: 'A name', enum: ['a', null], pattern: '^a' },
    expected: {
      description: 'A name',
      anyOf: [
        { type: 'string', enum: ['a'], description: '(constraint: pattern=^a)' },
        { type: 'null' },
      ],
    },
  },
  {
    what: 'a list of types with null becomes nullable',
    target: 'google-openapi',
    given: { type: ['string', 'null'], enum: ['a', null] },
    expected: { type: 'STRING', enum: ['a'], nullable: true },
  },
  {
    what: 'two types and null become nullable alternatives',
    target: 'google-openapi',
    given: { type: ['string', 'integer', 'null'], minLength: 2, minimum: 1 },
    expected: {
      anyOf: [
        { type: 'STRING', minLength: 2 },
        { type: 'INTEGER', minimum: 1 },
      ],
      nullable: true,
    },
  },
  {
    what: 'null alone becomes a text that may be null',
    target: 'google-openapi',
    given: { type: 'null' },
    expected: { type: 'STRING', nullable: true },
  },
  {
    what: 'annotations that only readers use are stripped',
    target: 'openai-strict',
    given: { type: 'string', title: 'T', default: 'a', examples: ['a'], $comment: 'c', $id: 'i' },
    expected: { type: 'string', title: 'T' },
  },
  {
    what: 'a default becomes a hint',
    target: 'anthropic-strict',
    given: { type: 'string', default: 'a', $schema: 's' },
    expected: { type: 'string', description: '(constraint: default=a)' },
  },
  {
    what: '$id stays, other annotations are stripped',
    target: 'google-json',
    given: { type: 'string', $id: 'i', default: 'a', $schema: 's' },
    expected: { type: 'string', $id: 'i' },
  },
  {
    what: 'a constant becomes an enum (X-13)',
    target: 'google-json',
    given: { const: 5 },
    expected: { enum: [5] },
  },
  {
    what: 'a text constant becomes an enum (X-13)',
    target: 'google-openapi',
    given: { const: 'a' },
    expected: { type: 'STRING', enum: ['a'] },
  },
  {
    what: 'a number constant becomes a hint, since enums hold text only',
    target: 'google-openapi',
    given: { const: 5, description: 'Five' },
    expected: { type: 'NUMBER', description: 'Five (constraint: const=5)' },
  },
  {
    what: 'an enum of numbers becomes a hint',
    target: 'google-openapi',
    given: { type: 'integer', enum: [1, 2] },
    expected: { type: 'INTEGER', description: '(constraint: enum=[1,2])' },
  },
  {
    what: 'an enum of objects becomes a hint',
    target: 'anthropic-strict',
    given: { type: 'object', enum: [{ a: 1 }] },
    expected: {
      type: 'object',
      additionalProperties: false,
      description: '(constraint: enum=[{"a":1}])',
    },
  },
  ...(['openai-strict', 'anthropic-strict'] as const).map((target) => ({
    what: 'oneOf becomes anyOf',
    target,
    given: { oneOf: [{ type: 'string' }, { type: 'number' }] },
    expected: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  })),
  {
    what: 'oneOf stays',
    target: 'google-json',
    given: { oneOf: [{ type: 'string' }, { type: 'number' }] },
    expected: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  },
  {
    what: 'an alternative to null becomes nullable',
    target: 'google-openapi',
    given: { oneOf: [{ type: 'string', maxLength: 5 }, { type: 'null' }], description: 'd' },
    expected: { type: 'STRING', maxLength: 5, description: 'd', nullable: true },
  },
  {
    what: 'what stands beside anyOf goes into each alternative',
    target: 'google-openapi',
    given: {
      type: 'object',
      description: 'd',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    expected: {
      description: 'd',
      anyOf: ['a', 'b'].map((name) => ({
        type: 'OBJECT',
        properties: { a: { type: 'STRING' }, b: { type: 'STRING' } },
        required: [name],
      })),
    },
  },
  ...(['openai-strict', 'google-json'] as const).map((target) => ({
    what: 'allOf is merged',
    target,
    given: {
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { properties: { b: { type: 'integer' } }, required: ['b'], additionalProperties: false },
      ],
    },
    expected: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'integer' } },
      required: ['a', 'b'],
      additionalProperties: false,
    },
  })),
  {
    what: 'allOf is kept',
    target: 'anthropic-strict',
    given: { allOf: [{ type: 'string' }, { enum: ['a'] }] },
    expected: { allOf: [{ type: 'string' }, { enum: ['a'] }] },
  },
  {
    what: 'allOf of objects is merged: closed one by one they would exclude each other',
    target: 'anthropic-strict',
    given: {
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } } },
        { type: 'object', properties: { b: { type: 'string' } } },
      ],
    },
    expected: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      additionalProperties: false,
    },
  },
  ...(['google-json', 'anthropic-strict'] as const).map((target) => ({
    what: 'conditions become hints (X-13)',
    target,
    given: {
      type: 'string',
      description: 'A word.',
      not: { const: '' },
      multipleOf: 2,
      pattern: '^x',
    },
    expected: {
      type: 'string',
      description:
        'A word. (constraint: not={"const":""}) (constraint: multipleOf=2) (constraint: pattern=^x)',
    },
  })),
  {
    what: 'propertyNames, exclusive limits and additional properties do not reach Google (X-13)',
    target: 'google-openapi',
    given: {
      type: 'object',
      properties: { n: { type: 'number', exclusiveMinimum: 0, minimum: -1 } },
      propertyNames: { pattern: '^[a-z]+$' },
      additionalProperties: { type: 'string' },
      required: ['n', 'ghost'],
    },
    expected: {
      type: 'OBJECT',
      properties: {
        n: { type: 'NUMBER', minimum: -1, description: '(constraint: exclusiveMinimum=0)' },
      },
      required: ['n'],
      description: '(constraint: propertyNames={"pattern":"^[a-z]+$"})',
    },
  },
  {
    what: 'a tuple becomes a list of any of its distinct kinds (X-14)',
    target: 'google-openapi',
    given: {
      type: 'array',
      prefixItems: [{ type: 'string' }, { type: 'number' }, { type: 'string' }],
      items: false,
    },
    expected: { type: 'ARRAY', items: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] } },
  },
  {
    what: 'a tuple as draft 7 wrote it is read as one (X-14)',
    target: 'google-openapi',
    given: { type: 'array', items: [{ type: 'string' }, { type: 'string' }] },
    expected: { type: 'ARRAY', items: { type: 'STRING' } },
  },
  {
    what: 'an array without items gets some (X-14)',
    target: 'google-openapi',
    given: { type: 'array' },
    expected: { type: 'ARRAY', items: { type: 'STRING', description: '(constraint: type=any)' } },
  },
  ...(['google-json', 'openai', 'openai-strict'] as const).map((target) => ({
    what: 'an array without items gets some that take anything (X-14)',
    target,
    given: { type: 'array' },
    expected: { type: 'array', items: {} },
  })),
  {
    what: 'only the counts 0 and 1 stay',
    target: 'anthropic-strict',
    given: {
      anyOf: [
        { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3 },
        { type: 'array', items: { type: 'string' }, minItems: 2 },
      ],
    },
    expected: {
      anyOf: [
        {
          type: 'array',
          items: { type: 'string' },
          minItems: 1,
          description: '(constraint: maxItems=3)',
        },
        { type: 'array', items: { type: 'string' }, description: '(constraint: minItems=2)' },
      ],
    },
  },
  {
    what: 'formats that are known stay, others become hints',
    target: 'anthropic-strict',
    given: {
      anyOf: [
        { type: 'string', format: 'uuid' },
        { type: 'string', format: 'regex' },
      ],
    },
    expected: {
      anyOf: [
        { type: 'string', format: 'uuid' },
        { type: 'string', description: '(constraint: format=regex)' },
      ],
    },
  },
  {
    what: 'formats but date-time and enum are stripped',
    target: 'google-openapi',
    given: {
      anyOf: [
        { type: 'string', format: 'date-time' },
        { type: 'string', format: 'uri' },
      ],
    },
    expected: { anyOf: [{ type: 'STRING', format: 'date-time' }, { type: 'STRING' }] },
  },
  {
    what: 'a schema that takes anything becomes text',
    target: 'google-openapi',
    given: true,
    expected: { type: 'STRING', description: '(constraint: type=any)' },
  },
  {
    what: 'a schema that takes anything stays',
    target: 'google-json',
    given: {},
    expected: {},
  },
  {
    what: 'types in capital letters and nullable are read as Google writes them',
    target: 'openai',
    given: { type: 'ARRAY', items: { type: 'STRING', nullable: true }, minItems: '1' },
    expected: { type: 'array', items: { type: ['string', 'null'] }, minItems: 1 },
  },
  {
    what: 'everything else passes',
    target: 'anthropic',
    given: { type: 'string', 'x-order': 1, not: { const: '' }, default: 'a', format: 'regex' },
    expected: { type: 'string', 'x-order': 1, not: { const: '' }, default: 'a', format: 'regex' },
  },
];

describe('cleanSchema, keyword by keyword', () => {
  for (const { what, target, given, expected } of ROWS) {
    test(`${target}: ${what}`, () => {
      assert.deepEqual(cleanProperty(given, target), expected);
    });
  }

  test('properties that are named like keywords survive, and so does data', () => {
    const names = ['default', 'title', 'format', 'type', 'not', '$ref', 'pattern', '__proto__'];
    const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
    const schema = { type: 'object', properties, required: names, additionalProperties: false };
    for (const target of TARGETS) {
      const cleaned = cleanSchema(schema, target);
      const kept = asObject(cleaned.schema['properties']);
      assert.deepEqual(Object.keys(kept), names, target);
      assert.ok(cleaned.fitsStrict, target);
    }
    const data = { type: 'string', enum: ['title', 'default'] };
    assert.deepEqual(cleanProperty(data, 'anthropic-strict'), data);
  });
});

describe('what a cleaning tells', () => {
  test('it names what became of which keyword, and where', () => {
    const schema = {
      type: 'object',
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { list: { type: 'array', items: { type: 'string', minLength: 2 } } },
    };
    assert.deepEqual(cleanSchema(schema, 'google-json').changes, [
      'strip $schema at the root',
      'hint minLength at properties.list.items',
    ]);
  });

  test('long constraints are cut short in their hint', () => {
    const cleaned = asObject(
      cleanProperty({ type: 'string', pattern: 'a'.repeat(999) }, 'google-json'),
    );
    assert.equal(cleaned['description'], `(constraint: pattern=${'a'.repeat(200)}…)`);
  });
});

describe('references', () => {
  const schema = {
    type: 'object',
    properties: { node: { $ref: '#/definitions/Node', description: 'The first' } },
    definitions: {
      Node: {
        type: 'object',
        properties: { name: { type: 'string' }, next: { $ref: '#/definitions/Node' } },
        required: ['name'],
      },
    },
  };

  test('google-openapi: they are written out to depth 6, deeper there is an object', () => {
    const { schema: cleaned } = cleanSchema(schema, 'google-openapi');
    assert.equal(JSON.stringify(cleaned).includes('$'), false);
    let node = asObject(asObject(cleaned['properties'])['node']);
    assert.equal(node['description'], 'The first');
    for (let depth = 1; depth <= 6; depth += 1) {
      assert.deepEqual(node['required'], ['name']);
      node = asObject(asObject(node['properties'])['next']);
    }
    assert.deepEqual(node, { type: 'OBJECT' });
  });

  test('google-json and anthropic-strict: they stand alone and point into $defs', () => {
    for (const target of ['google-json', 'anthropic-strict'] as const) {
      const { schema: cleaned } = cleanSchema(schema, target);
      assert.deepEqual(asObject(cleaned['properties'])['node'], { $ref: '#/$defs/Node' });
      assert.deepEqual(Object.keys(asObject(cleaned['$defs'])), ['Node']);
      assert.equal('definitions' in cleaned, false);
    }
  });

  test('anthropic-strict: circular schemas do not fit', () => {
    assert.equal(cleanSchema(schema, 'anthropic-strict').fitsStrict, false);
  });

  test('openai: they stay as they are', () => {
    assert.deepEqual(cleanSchema(schema, 'openai').schema, schema);
  });

  test('references side by side are all written out', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const defs = names.map((name) => [name, { type: 'object', properties: { [name]: {} } }]);
    const all = {
      allOf: names.map((name) => ({ $ref: `#/$defs/${name}` })),
      $defs: Object.fromEntries(defs),
    };
    const { schema: cleaned } = cleanSchema(all, 'google-openapi');
    assert.deepEqual(Object.keys(asObject(cleaned['properties'])), names);
  });

  test('a reference to nothing becomes an object', () => {
    const ghost = { $ref: 'https://example.org/schema.json' };
    assert.deepEqual(cleanProperty(ghost, 'google-openapi'), { type: 'OBJECT' });
    assert.deepEqual(cleanProperty(ghost, 'google-json'), { type: 'object' });
  });

  test('references that multiply are cut before they fill the memory', () => {
    const members = Array.from({ length: 30 }, (_, index) => [`p${index}`, { $ref: '#/$defs/A' }]);
    const bomb = {
      type: 'object',
      properties: Object.fromEntries(members),
      $defs: { A: { type: 'object', properties: Object.fromEntries(members) } },
    };
    const { schema: cleaned } = cleanSchema(bomb, 'google-openapi');
    assert.ok(JSON.stringify(cleaned).length < 2_000_000);
  });
});

describe('strictness', () => {
  const object = (extra: JsonObject) => ({
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
    ...extra,
  });

  const FITS: [what: string, target: SchemaTarget, schema: JsonObject, fits: boolean][] = [
    ['a closed object with all members required', 'openai-strict', object({}), true],
    ['an optional member', 'openai-strict', object({ required: [] }), false],
    ['an open object', 'openai-strict', object({ additionalProperties: true }), false],
    ['an optional member', 'anthropic-strict', object({ required: [] }), true],
    ['a map', 'anthropic-strict', object({ additionalProperties: { type: 'string' } }), false],
    ['a schema that takes anything', 'anthropic-strict', object({ properties: { a: {} } }), false],
    ['a schema that takes anything', 'anthropic', object({ properties: { a: {} } }), true],
  ];
  for (const [what, target, schema, fits] of FITS) {
    test(`${target}: ${what} ${fits ? 'fits' : 'does not fit'}`, () => {
      const cleaned = cleanSchema(schema, target);
      assert.equal(cleaned.fitsStrict, fits);
      assert.equal(cleaned.refused, null);
    });
  }

  test('openai-strict: conditions are refused by name, and not to be met in the schema', () => {
    const schema = object({ patternProperties: { '^x': { type: 'string' } } });
    const cleaned = cleanSchema(schema, 'openai-strict');
    assert.equal(cleaned.refused, 'patternProperties');
    assert.equal(cleaned.fitsStrict, false);
    assert.equal('patternProperties' in cleaned.schema, false);
    assert.equal(cleanSchema(schema, 'openai').refused, null);
  });

  test('anthropic-strict: objects are closed', () => {
    const { additionalProperties: _open, ...open } = object({});
    const cleaned = cleanSchema(open, 'anthropic-strict');
    assert.equal(cleaned.schema['additionalProperties'], false);
    assert.ok(cleaned.fitsStrict);
  });
});

describe('objectRoot', () => {
  const a = { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'kind'] };
  const b = { type: 'object', properties: { a: { type: 'number' } }, required: ['kind'] };

  const CASES: [what: string, schema: JsonObject, root: JsonObject | null][] = [
    ['an empty schema', {}, { type: 'object', properties: {} }],
    ['an object', a, a],
    ['an object or null', { ...a, type: ['object', 'null'] }, a],
    ['something else', { type: 'string' }, null],
    [
      'alternatives of objects',
      { anyOf: [a, b, { type: 'null' }], title: 'T' },
      {
        title: 'T',
        type: 'object',
        properties: { a: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
        required: ['kind'],
      },
    ],
    ['alternatives with a text', { oneOf: [a, { type: 'string' }] }, null],
    [
      'all of several objects',
      { allOf: [a, { properties: { c: {} }, required: ['c'] }] },
      {
        type: 'object',
        properties: { a: { type: 'string' }, c: {} },
        required: ['a', 'kind', 'c'],
      },
    ],
    ['a reference', { $ref: '#/$defs/a', $defs: { a } }, { ...a, $defs: { a } }],
    ['a reference to itself', { $ref: '#' }, null],
    ['a reference to nothing', { $ref: '#/$defs/b', $defs: { a } }, null],
  ];
  for (const [what, schema, root] of CASES) {
    test(`${what} ${root === null ? 'has no object for a root' : 'has an object for a root'}`, () => {
      assert.deepEqual(objectRoot(schema), root);
    });
  }

  test('cleaning for Anthropic names what keeps the root from being an object', () => {
    assert.equal(cleanSchema({ oneOf: [{ type: 'string' }] }, 'anthropic').refused, 'oneOf');
    assert.equal(cleanSchema({ type: 'array' }, 'anthropic-strict').refused, 'type');
    assert.equal(cleanSchema({ type: 'array' }, 'openai-strict').fitsStrict, false);
  });

  test('Google may have any root', () => {
    const { schema } = cleanSchema({ type: 'array', items: { type: 'string' } }, 'google-json');
    assert.deepEqual(schema, { type: 'array', items: { type: 'string' } });
  });
});

const TARGETS: SchemaTarget[] = [
  'openai',
  'openai-strict',
  'anthropic',
  'anthropic-strict',
  'google-json',
  'google-openapi',
];

/** Keywords that may be met in a node, written down again from the table. */
const TAKEN: Partial<Record<SchemaTarget, RegExp>> = {
  'openai-strict':
    /^(type|properties|required|items|enum|description|title|const|anyOf|additionalProperties|\$ref|\$defs|definitions|prefixItems|(min|max)(Items|Length|imum)|exclusiveM(in|ax)imum|multipleOf|uniqueItems|pattern|format)$/,
  'anthropic-strict':
    /^(type|properties|required|items|enum|description|title|const|anyOf|allOf|additionalProperties|\$ref|\$defs|minItems|format)$/,
  'google-json':
    /^(type|properties|required|items|enum|description|title|anyOf|oneOf|additionalProperties|\$id|\$anchor|\$ref|\$defs|prefixItems|(min|max)(Items|imum)|format|propertyOrdering)$/,
  'google-openapi':
    /^(type|properties|required|items|enum|description|title|anyOf|nullable|(min|max)(Items|Length|Properties|imum)|pattern|format|propertyOrdering)$/,
};

/** Every keyword of every node, found by a walk of its own. */
function keywordsOf(node: unknown): string[] {
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([keyword, value]) => {
    const isMap = ['properties', '$defs', 'definitions', 'patternProperties'].includes(keyword);
    const isData = ['enum', 'const', 'default', 'examples'].includes(keyword);
    const children = isMap || Array.isArray(value) ? Object.values(value as object) : [value];
    return [keyword, ...(isData ? [] : children.flatMap(keywordsOf))];
  });
}

const name = fc.constantFrom('a', 'b', 'type', 'default', 'properties', '$ref');
const word = fc.constantFrom('string', 'integer', 'number', 'boolean', 'object', 'array', 'null');
const value = fc.oneof(fc.constantFrom('a', 'b', 1, 2.5, true, null), fc.constant({ a: 1 }));
const { schemas } = fc.letrec<{ node: unknown; schemas: JsonObject }>((tie) => {
  const child = tie('node');
  const list = fc.array(child, { minLength: 1, maxLength: 3 });
  const map = fc.dictionary(name, child, { maxKeys: 3 });
  const keywords: Record<string, fc.Arbitrary<unknown>> = {
    type: fc.oneof(word, fc.uniqueArray(word, { minLength: 1, maxLength: 3 })),
    properties: map,
    required: fc.uniqueArray(name, { maxLength: 2 }),
    items: fc.oneof(child, list),
    prefixItems: list,
    additionalProperties: child,
    enum: fc.array(value, { minLength: 1, maxLength: 3 }),
    const: value,
    anyOf: list,
    oneOf: list,
    allOf: list,
    not: child,
    propertyNames: child,
    $ref: fc.constantFrom('#', '#/$defs/a', '#/definitions/c', '#/properties/a', '#/$defs/z'),
    $defs: map,
    definitions: fc.dictionary(fc.constantFrom('c', 'd'), child),
    description: fc.constant('Text.'),
    default: value,
    nullable: fc.boolean(),
    minItems: fc.nat({ max: 3 }),
    exclusiveMinimum: fc.oneof(fc.nat(), fc.boolean()),
    minimum: fc.nat(),
    pattern: fc.constant('^a'),
    format: fc.constantFrom('date-time', 'uri', 'regex'),
    'x-extra': fc.constant(1),
  };
  const members = Object.entries(keywords).map(([keyword, values]) =>
    values.map((each): [string, unknown] => [keyword, each]),
  );
  return {
    node: fc.oneof({ maxDepth: 4, depthSize: 'small' }, fc.boolean(), tie('schemas')),
    schemas: fc.array(fc.oneof(...members), { maxLength: 5 }).map(Object.fromEntries),
  };
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

describe('cleaning any schema', () => {
  for (const target of TARGETS) {
    test(`${target}: twice is once, the given one stays, only what is taken remains`, () => {
      fc.assert(
        fc.property(schemas, (generated) => {
          const schema = deepFreeze(generated) as JsonObject;
          fc.pre(target.startsWith('google') || objectRoot(schema) !== null);
          const once = cleanSchema(schema, target).schema;
          assert.deepEqual(cleanSchema(deepFreeze(once), target).schema, once);
          const taken = TAKEN[target];
          const refused = taken ? keywordsOf(once).filter((word) => !taken.test(word)) : [];
          assert.deepEqual(refused, []);
        }),
        { numRuns: 500 },
      );
    });
  }
});
