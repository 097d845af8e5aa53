import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readLedgerPath } from '../../src/config/ledger-path.ts';
import { readPlainLedgerPath } from '../../src/config/plain-ledger-path.ts';

const EXAMPLE = readFileSync(new URL('../../config.example.yaml', import.meta.url), 'utf8');

describe('readPlainLedgerPath (CLI-5)', () => {
  test('reads the example, and a config that says nothing of its ledger', () => {
    assert.equal(readPlainLedgerPath(EXAMPLE), './usage/usage.jsonl');
    assert.equal(readPlainLedgerPath('models: {}\r\n'), './usage/usage.jsonl');
    const plain =
      '# mine\nusage:\n  rotate: { keep: 3 }\n  file: /var/log/x.jsonl # here\na:\n  - b\n';
    assert.equal(readPlainLedgerPath(plain), '/var/log/x.jsonl');
  });

  const unclear = [
    'usage: { file: a/b }',
    'usage:',
    'usage:\n  file: os.environ/LEDGER',
    'usage:\n  file: ~/mine',
    'usage:\n  file: 1.5',
    'usage:\n  file: a/b\n    c',
    'usage:\n  file: "a/b"',
    'usage:\n  file: a/b\n  file: a/c',
    'usage:\n  file: a/b\nusage:\n  file: a/c',
    'usage:\n  <<: *base',
    'usage: &here\n  file: a/b',
    '"usage":\n  file: a/b',
    '? usage\n: file: a/b',
    '<<: *base',
    '{ usage: { file: a/b } }',
    '---\nusage:\n  file: a/b',
    'a: {\nusage:\n  file: a/b\n }',
    'a: "x\nusage:\n  file: a/b\n"',
    'a: "x \\"\nusage:\n  file: a/b\n"',
    "a: { b: '}'\nusage:\n  file: a/b\n }\n'",
    '\tusage:\n  file: a/b',
    'a: 1\rusage:\r  file: a/b',
    '  usage:\n    file: a/b',
  ];
  for (const text of unclear) {
    test(`leaves ${JSON.stringify(text)} to the parser`, () => {
      assert.equal(readPlainLedgerPath(text), undefined);
    });
  }

  test('where it answers, the parser says the same', () => {
    const pieces = [
      'usage:',
      'file: a/b',
      'file:',
      'a:',
      'b: { c: d }',
      'e: [',
      ']',
      '}',
      '"',
      "'",
      '|',
    ];
    const more = [
      '- f',
      '# g',
      'h: "i # j"',
      "k: 'l' m",
      'n/o',
      '<<: *p',
      '&p',
      '{',
      "it's",
      '\\',
      '---',
    ];
    const line = fc
      .tuple(
        fc.nat(4),
        fc.array(fc.constantFrom(...pieces, ...more), { minLength: 1, maxLength: 3 }),
      )
      .map(([indent, words]) => ' '.repeat(indent) + words.join(' '));
    const text = fc.array(line, { maxLength: 7 }).map((lines) => lines.join('\n'));
    let answered = 0;
    fc.assert(
      fc.property(text, (config) => {
        const plain = readPlainLedgerPath(config);
        const parsed = readLedgerPath(config, {});
        if (plain === undefined || parsed === null) return;
        answered += 1;
        assert.equal(plain, parsed);
      }),
      { numRuns: 1_000 },
    );
    assert.ok(answered > 50, String(answered));
  });
});
