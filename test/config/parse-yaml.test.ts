import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Secret } from '../../src/secrets/secret.ts';
import { configOf, problemsOf } from './problems-of.ts';

describe('parseYaml (CFG-5)', () => {
  test('anchors, aliases and merge keys work', () => {
    const config = configOf(
      `
providers:
  a: &base { type: MOCK, timeout: 5s, keys: { one: os.environ/ONE } }
  b: { <<: *base, timeout: 7s }
  c: { <<: [{ byok: true }, *base] }
models:
  m: { provider: a, pricing: &price { input: { text_cost_per_1k_tokens: 0.001 } } }
  n: { provider: b, pricing: *price }
`,
      { ONE: 'x' },
    );
    assert.equal(config.providers['b']?.timeout, 7_000);
    const key = config.providers['b']?.keys['one']?.key;
    assert.equal(key instanceof Secret && key.reveal(), 'x');
    assert.equal(config.providers['c']?.byok, true);
    assert.deepEqual(config.models['n']?.pricing, config.models['m']?.pricing);
  });

  test('an anchor can be used a thousand times', () => {
    const models = Array.from({ length: 1_000 }, (_, index) => `  m${index}: *m`).join('\n');
    const config = configOf(
      `providers: { p: { type: MOCK } }\nmodels:\n  m: &m { provider: p }\n${models}\n`,
    );
    assert.equal(Object.keys(config.models).length, 1_001);
  });

  const broken: Record<string, [text: string, problem: string]> = {
    'a key declared twice': ['server: {}\nlog: {}\nserver: {}', '3:1 this key is declared twice'],
    'a second document': ['server: {}\n---\nlog: {}', '2:1 the file holds a second document (---)'],
    'an anchor that is not there': ['server: *missing', '1:9 no anchor `&missing` above this'],
    'an anchor that comes later': [
      'server: *late\nlog: &late {}',
      '1:9 no anchor `&late` above this',
    ],
    'a merge of text': ['log:\n  <<: info', '2:3 `<<` can only merge a map, or a list of maps'],
    'a prototype as a name': [
      'models:\n  __proto__: {}',
      '2:3 `__proto__` cannot be used as a key',
    ],
    'a list as a key': ['? [a]\n: 1', '1:3 a key must be plain text'],
    'a tab as indentation': ['log:\n\tlevel: info', '2:1 Tabs are not allowed as indentation'],
    'an unknown tag': ['log: !special {}', '1:6 Unresolved tag'],
    'an anchor inside itself': [
      'log: &loop [*loop]',
      '1:1 its anchors and aliases multiply or loop',
    ],
  };
  for (const [name, [text, problem]] of Object.entries(broken)) {
    test(`${name} is an error at its place`, () => assert.deepEqual(problemsOf(text), [problem]));
  }

  test('keys that are declared twice are told in the order of their lines', () => {
    assert.deepEqual(
      problemsOf('log: { level: info, level: info, level: info }\nserver: {}\nlog: {}'),
      [
        '1:21 this key is declared twice',
        '1:34 this key is declared twice',
        '3:1 this key is declared twice',
      ],
    );
  });

  test('a syntax error does not quote the file, which may hold a secret', () => {
    for (const text of [
      'admin_key: "canary',
      'admin_key: "a" canary: x',
      'admin_key: |canary\n x',
      'admin_key: "\\Ucanary"',
    ]) {
      const problems = problemsOf(text);
      assert.ok(problems.length > 0);
      assert.ok(!problems.join().includes('canary'), problems.join());
    }
  });

  test('an alias bomb is refused, whichever way it is built', () => {
    const doubling = Array.from(
      { length: 40 },
      (_, level) => `&a${level + 1} [*a${level}, *a${level}]`,
    );
    const merging = Array.from(
      { length: 40 },
      (_, level) => `&a${level + 1} { <<: *a${level}, k${level}: { <<: *a${level} } }`,
    );
    for (const [start, levels] of [
      ['&a0 [x]', doubling],
      ['&a0 { x: 1 }', merging],
    ] as const) {
      const [problem] = problemsOf(`log: [${[start, ...levels].join(', ')}]`);
      assert.match(problem ?? '', /anchors and aliases/);
    }
  });

  test('a file that nests too deeply is refused and does not end the process', () => {
    const deep = ['['.repeat(100_000), `server: ${'{a: '.repeat(5_000)}`, '- '.repeat(50_000)];
    for (const text of deep) {
      assert.deepEqual(problemsOf(text), ['1:1 is nested too deeply']);
    }
    const indented = Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    assert.deepEqual(problemsOf(indented), ['402:1 is nested too deeply']);
  });

  test('brackets in comments, quotes and texts are no nesting, nor do they hide any', () => {
    const open = '[{'.repeat(200);
    for (const reply of [`"${open}"`, `'it''s ${open}'`, `x${open}`, `|\n  ${open}\n`]) {
      const text = `# ${open}\nproviders:\n p: { type: MOCK } # ${open}\nmodel_alias:\n a: ${reply}`;
      assert.deepEqual(Object.keys(configOf(text).providers), ['p']);
    }
    assert.deepEqual(problemsOf('[ # ]\n'.repeat(300)), ['201:1 is nested too deeply']);
  });

  test('bytes that are no UTF-8 are an error at their place, but in comments', () => {
    const text = Buffer.from(
      '# caf\xe9\nproviders:\n  caf\xe9: { type: MOCK, name: "\xe9" }',
      'latin1',
    );
    assert.deepEqual(problemsOf(text.toString()), [
      '3:3 holds bytes that are no UTF-8',
      '3:29 holds bytes that are no UTF-8',
    ]);
  });

  test('a file over 16 MiB is refused', () => {
    const text = `# ${'x'.repeat(16 * 1_048_576)}\nserver: {}`;
    assert.deepEqual(problemsOf(text), ['1:1 is over 16 MiB']);
  });

  test('keys that look like numbers keep their text', () => {
    const config = configOf('providers: { p: { type: MOCK } }\nmodels: { 4.10: { provider: p } }');
    assert.deepEqual(Object.keys(config.models), ['4.10']);
  });
});
