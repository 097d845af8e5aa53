import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  findMember,
  findPath,
  JsonScanError,
  readMember,
  scanArray,
  scanJson,
} from '../../src/dialects/scan-json.ts';
import {
  appendMembers,
  applySplices,
  removeMember,
  removeMembers,
  replaceMember,
} from '../../src/dialects/splice-json.ts';

const bytes = (text: string) => Buffer.from(text);

/** JSON text with odd but legal spelling: white space, escapes, exponents, duplicate keys. */
const oddJson = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false', '0', '-0', '1.0', '1e400', '12345678901234567890'),
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    fc.constantFrom('"\\u0041\\/\\"model\\":1"', '"{\\"model\\":\\"x\\"}"', '"\\\\"', '"😀é"'),
    fc
      .tuple(fc.array(tie('value'), { maxLength: 4 }), space())
      .map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
    fc
      .tuple(fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }), space())
      .map(([members, gap]) => writeObject(members, gap)),
  ),
}));

function space() {
  return fc.constantFrom('', ' ', '\n', '\t\r\n ');
}

function writeObject(members: [string, string][], gap: string): string {
  const written = members.map(([key, value]) => `${JSON.stringify(key)}${gap}:${gap}${value}`);
  return `{${gap}${written.join(`${gap},${gap}`)}${gap}}`;
}

describe('splice-json', () => {
  test('RES-6: replacing the model leaves every other byte of any JSON body as it was', () => {
    const body = fc.tuple(
      fc.array(fc.tuple(fc.string(), oddJson.value), { maxLength: 5 }),
      fc.array(fc.tuple(fc.string(), oddJson.value), { maxLength: 5 }),
      space(),
    );
    fc.assert(
      fc.property(body, fc.string(), fc.string(), ([before, after, gap], from, to) => {
        const others = ([key]: [string, string]) => key !== 'model';
        const text = (model: string) =>
          writeObject(
            [...before.filter(others), ['model', JSON.stringify(model)], ...after.filter(others)],
            gap,
          );
        const json = bytes(text(from));
        const splices = replaceMember(scanJson(json), 'model', JSON.stringify(to));
        assert.equal(applySplices(json, splices).toString(), text(to));
      }),
      { numRuns: 1000 },
    );
  });

  test('RES-6: a nested model, and a model inside a string, are never touched', () => {
    const text = '{"a":{"model":"m"},"b":"\\"model\\":\\"m\\"","model" : "m","c":[{"model":"m"}]}';
    const json = bytes(text);
    const spliced = applySplices(json, replaceMember(scanJson(json), 'model', '"slug"'));
    assert.equal(spliced.toString(), text.replace('"model" : "m"', '"model" : "slug"'));
  });

  test('RES-6: every duplicate of a key is replaced, also one spelled with escapes', () => {
    const json = bytes('{"model":"a","mod\\u0065l":"b","x":1}');
    const object = scanJson(json);
    assert.equal(readMember(json, object, 'model'), 'b');
    const spliced = applySplices(json, replaceMember(object, 'model', '"s"'));
    assert.equal(spliced.toString(), '{"model":"s","mod\\u0065l":"s","x":1}');
  });

  test('members read like JSON.parse reads them, for any JSON object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const json = bytes(JSON.stringify(object));
        const scanned = scanJson(json);
        assert.deepEqual(
          Object.fromEntries(
            scanned.members.map(({ key }) => [key, readMember(json, scanned, key)]),
          ),
          JSON.parse(json.toString()),
        );
      }),
    );
  });

  test('what the scanner accepts and refuses is what JSON.parse does, apart from inside scalars', () => {
    const mangled = fc
      .tuple(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.nat(),
        fc.constantFrom('', ',', '}', ']', ':', '"', '{'),
      )
      .map(([object, at, noise]) => {
        const text = JSON.stringify(object);
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + noise + text.slice(cut + 1);
      });
    fc.assert(
      fc.property(mangled, (text) => {
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          return;
        }
        if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return;
        scanJson(bytes(text));
      }),
      { numRuns: 2000 },
    );
  });

  for (const [text, message] of [
    ['', 'Expected a JSON object at byte 0'],
    ['[]', 'Expected a JSON object at byte 0'],
    ['{"a":1', "Expected ',' or '}' at byte 6"],
    ['{"a" 1}', "Expected ':' after a key at byte 5"],
    ['{"a":}', 'Expected a value at byte 5'],
    ['{"a":"x}', 'Unterminated string at byte 5'],
    ['{"a":[1,,2]}', 'Expected a value at byte 8'],
    ['{"a":1}}', 'Unexpected text after the object at byte 7'],
    [`{"a":${'['.repeat(600)}`, 'Nested too deeply at byte 517'],
  ] as const) {
    test(`ERR-2: ${text.slice(0, 14) || 'nothing'} is refused with its position`, () => {
      assert.throws(
        () => scanJson(bytes(text)),
        (error) => {
          assert.ok(error instanceof JsonScanError);
          assert.equal(error.message, message);
          return true;
        },
      );
    });
  }

  test('members are appended behind the last one, and into an empty object', () => {
    for (const [text, expected] of [
      ['{"a":1 }', '{"a":1,"b":true,"c":[] }'],
      ['{ }', '{"b":true,"c":[] }'],
    ] as const) {
      const splices = appendMembers(scanJson(bytes(text)), [
        ['b', 'true'],
        ['c', '[]'],
      ]);
      assert.equal(applySplices(bytes(text), splices).toString(), expected);
    }
  });

  test('removing a member takes its comma along', () => {
    for (const [text, expected] of [
      ['{"x":1}', '{}'],
      ['{"x":1, "b":2}', '{"b":2}'],
      ['{"a":1 , "x":1}', '{"a":1}'],
      ['{"a":1,"x":1,"b":2}', '{"a":1,"b":2}'],
    ] as const) {
      const object = scanJson(bytes(text));
      const member = findMember(object, 'x');
      assert.ok(member);
      assert.equal(applySplices(bytes(text), [removeMember(object, member)]).toString(), expected);
    }
  });

  test('RES-6: removing every member of some names leaves the others as they were', () => {
    const removable = fc.constantFrom('x', 'y', 'a', 'b');
    fc.assert(
      fc.property(fc.array(fc.tuple(removable, fc.jsonValue())), (members) => {
        const write = (list: typeof members) =>
          `{${list.map(([key, value]) => `"${key}":${JSON.stringify(value)}`).join(',')}}`;
        const json = bytes(write(members));
        const splices = removeMembers(scanJson(json), ['x', 'y']);
        const kept = members.filter(([key]) => key !== 'x' && key !== 'y');
        assert.equal(applySplices(json, splices).toString(), write(kept));
      }),
    );
  });

  test('paths and arrays are walked without parsing what lies beside them', () => {
    const json = bytes('{"r":{"model":"m","n":[1,{"a":2},"]"]}}');
    const object = scanJson(json);
    const found = findPath(json, object, ['r', 'model']);
    assert.equal(found && json.toString('utf8', found.value.start, found.value.end), '"m"');
    assert.equal(findPath(json, object, ['r', 'model', 'x']), undefined);
    const list = findPath(json, object, ['r', 'n']);
    assert.ok(list);
    assert.deepEqual(
      scanArray(json, list.value.start).map(({ start, end }) => json.toString('utf8', start, end)),
      ['1', '{"a":2}', '"]"'],
    );
  });
});
