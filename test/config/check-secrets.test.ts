import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './problems-of.ts';

const WARNING = 'warning: this secret stands in the file; use os.environ/NAME instead';
const KEY_WARNING =
  'warning: this secret stands in the file; use os.environ/NAME, or what `signalbox keys encrypt` prints';

function problems(text: string): string[] {
  return problemsOf(text, { KEY: 'secret' }).map((problem) => problem.replace(/^\S+ /, ''));
}

describe('checkSecrets (CFG-10)', () => {
  test('every secret that stands in the file is warned of, and none is shown', () => {
    assert.deepEqual(
      problems(`
admin_key: secret
providers:
  p:
    type: OPENAI
    keys: { a: secret, b: { key: secret } }
    config: { headers: { Authorization: Bearer secret, x-team: growth } }
models: { m: { provider: p, config: { headers: { x-api-key: secret } } } }
api_keys: { k: { key: secret } }`),
      [
        `admin_key: ${WARNING}`,
        `providers.p.keys.a: ${KEY_WARNING}`,
        `providers.p.keys.b.key: ${KEY_WARNING}`,
        `providers.p.config.headers.Authorization: ${WARNING}`,
        `models.m.config.headers.x-api-key: ${WARNING}`,
        `api_keys.k.key: ${WARNING}`,
      ],
    );
  });

  test('a variable in the spelling of another tool is an error that shows how it is written here', () => {
    for (const value of [
      '$OPENAI_KEY',
      ['$', '{OPENAI_KEY}'].join(''),
      'os.environ.OPENAI_KEY',
      "os.environ['OPENAI_KEY']",
      'os.environ:OPENAI_KEY',
      'process.env.OPENAI_KEY',
      'env:OPENAI_KEY',
      'env/OPENAI_KEY',
      '%OPENAI_KEY%',
    ]) {
      const written = JSON.stringify(value);
      const says = 'looks like a variable; write `os.environ/OPENAI_KEY`';
      assert.deepEqual(
        problems(`providers: { p: { type: OPENAI, keys: { a: ${written}, b: { key: ${written} } } } }
admin_key: ${written}`),
        [`providers.p.keys.a: ${says}`, `providers.p.keys.b.key: ${says}`, `admin_key: ${says}`],
      );
    }
    assert.deepEqual(problems('admin_key: $ecret'), [`admin_key: ${WARNING}`]);
  });

  test('quotes or spaces around a secret in the environment are warned of by the name of its variable', () => {
    const text = 'providers: { p: { type: OPENAI, keys: { a: os.environ/WRAPPED } } }';
    for (const value of ['"secret"', "'secret'", ' secret', 'secret ']) {
      assert.deepEqual(problemsOf(text, { WRAPPED: value }), [
        '1:44 providers.p.keys.a: warning: the value of WRAPPED has quotes or spaces around it, which are taken for a part of the secret',
      ]);
    }
  });

  test('variables, digests and keys of the simulator are no secrets in the file', () => {
    assert.deepEqual(
      problems(`
admin_key: os.environ/KEY
providers:
  p: { type: OPENAI, keys: { a: os.environ/KEY, b: { key: os.environ/KEY } } }
  off: { type: OPENAI, enabled: false, keys: { a: os.environ/UNSET } }
  mock: { type: MOCK, keys: { a: anything } }
api_keys: { k: { key: "sha256:${'a'.repeat(64)}" } }`),
      [],
    );
  });
});
