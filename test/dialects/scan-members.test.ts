import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { DataSpan } from '../../src/dialects/data-span.ts';
import {
  createMemberScanner,
  createNameMatcher,
  integerAt,
  isObjectMember,
  isTextMember,
  type MetMember,
  objectAt,
} from '../../src/dialects/scan-members.ts';

const ANY_DEPTH = Array.from({ length: 40 }, (_, depth) => depth);
const names = ['a', 'text', 'usage'];
const everywhere = createNameMatcher({
  counted: {},
  met: Object.fromEntries(names.map((name) => [name, ANY_DEPTH])),
});

/** The text among others, as the events of a chunk lie. */
function among(json: string | Uint8Array): DataSpan {
  const before = Buffer.from('"text":[{"a');
  const bytes = Buffer.from(json);
  const source = Buffer.concat([before, bytes, Buffer.from('":"x","usage":{}}\n\n"')]);
  return { source, dataStart: before.length, dataEnd: before.length + bytes.length };
}

function scan(
  json: string | Uint8Array,
  meet: (member: MetMember) => boolean,
  match = everywhere,
): boolean {
  return createMemberScanner(match, { contentBytes: 0 }, meet)(among(json));
}

type Found = [name: string, depth: number, textBytes: number | null];

function scanned(json: string): Found[] {
  const found: Found[] = [];
  scan(json, ({ name, depth, textBytes }) => {
    found.push([name, depth, textBytes]);
    return false;
  });
  return found;
}

/** The same by walking the parsed value. */
function walked(value: unknown, depth = 1): Found[] {
  if (Array.isArray(value)) return value.flatMap((element) => walked(element, depth + 1));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const length =
      typeof member === 'string' ? Buffer.byteLength(JSON.stringify(member)) - 2 : null;
    const own: Found[] = names.includes(name) ? [[name, depth, length]] : [];
    return [...own, ...walked(member, depth + 1)];
  });
}

function only(json: string): MetMember {
  let met: MetMember | undefined;
  scan(json, (member) => {
    met = { ...member };
    return false;
  });
  assert.ok(met);
  return met;
}

describe('createMemberScanner', () => {
  test('finds exactly the members that a parse finds, in any JSON', () => {
    const key = fc.oneof(fc.constantFrom(...names), fc.string());
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('usage', '"usage":', '\\"usage\\":{', '"', '\\', '"usage'),
      fc.string({ minLength: 60, maxLength: 300, unit: fc.constantFrom('"', '\\', 'x', 'é') }),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        text,
        fc.integer(),
        fc.constantFrom(null, true),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (json, indent) => {
        assert.deepEqual(scanned(JSON.stringify(json, null, indent)), walked(json));
      }),
      { numRuns: 2000 },
    );
  });

  test('takes white space around the colon', () => {
    assert.deepEqual(scanned('{"text"\n :\t "hi"}'), [['text', 1, 2]]);
  });

  test('meets a member only at the depths asked for', () => {
    const shallow = createNameMatcher({ counted: {}, met: { text: [2] } });
    const found: number[] = [];
    const meet = (member: MetMember) => {
      found.push(member.textBytes ?? 0);
      return false;
    };
    scan('{"text":"a","b":{"text":"bb","c":[{"text":"ccc"}]}}', meet, shallow);
    assert.deepEqual(found, [2]);
  });

  test('tells if any member was worth parsing for', () => {
    const json = '{"a":1,"text":"x","usage":{}}';
    assert.equal(
      scan(json, ({ name }) => name === 'text'),
      true,
    );
    assert.equal(
      scan(json, () => false),
      false,
    );
  });

  test('never throws on bytes that are no JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        scan(bytes, (member) => objectAt(member).length > 0);
      }),
    );
    for (const text of ['', '{"text":"cut', '{"text":"cut\\', '"usage":', '{"usage":{"a":"']) {
      scan(text, (member) => objectAt(member).length > 0);
    }
  });
});

describe('values at a member', () => {
  test('an object is read whole, whatever its strings hold', () => {
    const object = '{"b":"}\\"}","c":[{"d":{}}]}';
    assert.equal(objectAt(only(`{"a":${object},"z":1}`)).toString(), object);
    assert.equal(objectAt(only('{"a":[{}]}')).length, 0);
    assert.equal(objectAt(only('{"a":{"b":1')).length, 0);
    assert.equal(isObjectMember(only('{"a":{}}')), true);
    assert.equal(isObjectMember(only('{"a":"{"}')), false);
  });

  test('a string is compared and a number is read in place', () => {
    assert.equal(isTextMember(only('{"a":"stop"}'), 'stop'), true);
    assert.equal(isTextMember(only('{"a":"stops"}'), 'stop'), false);
    assert.equal(isTextMember(only('{"a":null}'), 'stop'), false);
    assert.equal(integerAt(only('{"a": 12}')), 12);
    assert.equal(integerAt(only('{"a":null}')), 0);
  });
});
