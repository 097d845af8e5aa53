import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dialects } from '../../src/dialects/dialects.ts';
import { createFlatNames } from '../../src/dialects/openai-responses/flat-names.ts';
import { createToolNames } from '../../src/dialects/tool-names.ts';

const DIALECT_IDS = Object.values(dialects).map(({ id }) => id);

/** Names of few letters, so that many come to be the same. */
const name = fc.string({ unit: fc.constantFrom('a', '_', ' ', '.'), minLength: 1, maxLength: 5 });
const long = fc.constantFrom('x'.repeat(70), `${'x'.repeat(70)}y`, 'x'.repeat(64));

describe('createToolNames', () => {
  test('every name fits, no two are one, and each finds its way back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DIALECT_IDS),
        fc.uniqueArray(fc.oneof(name, long), { maxLength: 8 }),
        (dialect, declared) => {
          const names = createToolNames(dialect, declared);
          const fitted = declared.map(names.fit);
          assert.equal(new Set(fitted).size, declared.length);
          assert.ok(fitted.every((each) => /^[\w.:-]{1,64}$/.test(each)));
          assert.deepEqual(
            fitted.map((each) => names.changed.get(each) ?? each),
            declared,
          );
        },
      ),
    );
  });

  test('a name that is good as it is stays, whoever stands before it', () => {
    const names = createToolNames('anthropic-messages', ['my tool', 'my_tool']);
    assert.equal(names.fit('my_tool'), 'my_tool');
    assert.match(names.fit('my tool'), /^my_tool_[0-9a-f]{8}$/);
  });

  test('a tool that is declared twice is refused', () => {
    assert.throws(() => createToolNames('openai-chat', ['f', 'f']), /declared twice/);
  });
});

describe('createFlatNames', () => {
  test('no two tools of any namespaces come to one name, and each keeps its own', () => {
    const tool = fc.tuple(fc.option(name, { nil: undefined }), name);
    const key = (each: [string | undefined, string]) => JSON.stringify(each);
    fc.assert(
      fc.property(fc.uniqueArray(tool, { selector: key, maxLength: 8 }), (tools) => {
        const names = createFlatNames();
        const flat = tools.map(([namespace, each]) => names.flatten(namespace, each));
        assert.equal(new Set(flat).size, tools.length);
        assert.deepEqual(
          tools.map(([namespace, each]) => names.flatten(namespace, each)),
          flat,
        );
      }),
    );
  });
});
