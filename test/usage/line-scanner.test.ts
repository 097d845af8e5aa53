import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createLineScanner } from '../../src/usage/line-scanner.ts';

const scanned = (line: string, fields: readonly string[]) => {
  const scanner = createLineScanner(fields);
  const bytes = Buffer.from(`before\n${line}\nbehind`);
  const start = 'before\n'.length;
  const isWhole = scanner.scan(bytes, start, start + Buffer.byteLength(line));
  return { isWhole, scanner };
};

describe('createLineScanner', () => {
  test('its members are those that JSON.parse finds, nested ones never taken for them', () => {
    const names = ['a', 'b', 'model', 'cost_nanos_usd', 'é', '"', ''];
    const member = fc.tuple(fc.constantFrom(...names, 'z'), fc.jsonValue());
    const layout = fc.constantFrom<[string, string]>([',', ':'], [', ', ': '], [' , ', ' : ']);
    fc.assert(
      fc.property(
        fc.uniqueArray(member, { selector: ([name]) => name }),
        layout,
        (members, marks) => {
          const [comma, colon] = marks;
          const text = members
            .map(([name, value]) => JSON.stringify(name) + colon + JSON.stringify(value))
            .join(comma);
          const plain = names.filter((name) => JSON.stringify(name) === `"${name}"`);
          const { isWhole, scanner } = scanned(`{${text}}`, plain);
          assert.ok(isWhole);
          const parsed = JSON.parse(`{${text}}`);
          for (const [field, name] of plain.entries()) {
            assert.deepEqual(scanner.value(field), parsed[name]);
            const value = parsed[name];
            assert.equal(scanner.text(field), typeof value === 'string' ? value : undefined);
            assert.equal(scanner.number(field), typeof value === 'number' ? value : undefined);
          }
        },
      ),
    );
  });

  test('money keeps every digit, and unknown is not zero', () => {
    const line = '{"cost_nanos_usd":12345678901234567890,"other":null,"float":1.5}';
    const { scanner } = scanned(line, ['cost_nanos_usd', 'other', 'float', 'missing']);
    assert.deepEqual(
      [0, 1, 2, 3].map((field) => scanner.integer(field)),
      [12345678901234567890n, null, undefined, undefined],
    );
  });

  test('a line that was cut anywhere is no whole line', () => {
    const line = JSON.stringify({ a: 'x"y\\', b: [1, { c: '}' }], d: { e: null } });
    for (let length = 0; length < line.length; length += 1) {
      assert.equal(scanned(line.slice(0, length), ['a']).isWhole, false, line.slice(0, length));
    }
    assert.equal(scanned(`${line}{}`, ['a']).isWhole, false);
    for (const odd of ['', '1', 'null', '[]', '{"a"}', '{"a":1}}', '{]', '{"a":1,}']) {
      assert.equal(scanned(odd, ['a']).isWhole, false, odd);
    }
  });
});
