import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { substituteEnvironment } from '../../src/config/env.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { configOf, problemsOf } from './problems-of.ts';

describe('substituteEnvironment (CFG-3)', () => {
  test('numbers, booleans, durations and lists take their type from the variable’s text', () => {
    const config = configOf(
      `
server: { port: os.environ/PORT, list_aliases: os.environ/LIST, shutdown_grace: "os.environ/GRACE" }
routing: { weights: { cost: os.environ/WEIGHT } }
providers: { p: { type: os.environ/TYPE, base_url: os.environ/URL, config: { dialects: [os.environ/DIALECT] } } }
`,
      {
        PORT: '8080',
        LIST: 'true',
        GRACE: '5m',
        WEIGHT: '1e-1',
        TYPE: 'CUSTOM',
        URL: 'http://10.0.0.1',
        DIALECT: 'anthropic-messages',
      },
    );
    assert.equal(config.server.port, 8080);
    assert.equal(config.server.list_aliases, true);
    assert.equal(config.server.shutdown_grace, 300_000);
    assert.equal(config.routing.weights.cost, 0.1);
    assert.equal(config.providers['p']?.base_url, 'http://10.0.0.1');
  });

  test('a secret or a name of digits stays text', () => {
    for (const value of ['123456', 'true', 'null', '0x10', '1e5', '.5']) {
      const config = configOf(
        `
admin_key: os.environ/V
providers: { p: { type: MOCK, keys: { a: os.environ/V, b: { key: os.environ/V } } } }
models: { m: { provider: p, slug: os.environ/V } }
api_keys: { k: { key: os.environ/V, user: os.environ/V } }`,
        { V: value },
      );
      const { keys } = config.providers['p'] ?? assert.fail();
      const secrets = [
        config.admin_key,
        keys['a']?.key,
        keys['b']?.key,
        config.api_keys?.['k']?.key,
      ];
      assert.deepEqual(
        secrets.map((secret) => secret instanceof Secret && secret.reveal()),
        [value, value, value, value],
      );
      assert.equal(config.models['m']?.slug, value);
      assert.equal(config.api_keys?.['k']?.user, value);
    }
  });

  test('only a whole text is a reference', () => {
    const config = configOf('providers: { p: { type: MOCK, name: see os.environ/X } }');
    assert.equal(config.providers['p']?.name, 'see os.environ/X');
  });

  test('every missing variable is named with its place, and nothing else is said of it', () => {
    assert.deepEqual(
      problemsOf(
        'server: { port: os.environ/A }\nproviders: { p: { type: os.environ/B } }\nmodels: { m: { provider: os.environ/C } }\nadmin_key: os.environ/',
        { B: '' },
      ),
      [
        '1:17 server.port: the environment variable A is unset or empty; export it before you start; no .env file is read',
        '2:25 providers.p.type: the environment variable B is unset or empty; export it before you start; no .env file is read',
        '3:26 models.m.provider: the environment variable C is unset or empty; export it before you start; no .env file is read',
        '4:12 admin_key: names no environment variable: expected os.environ/NAME',
      ],
    );
  });

  test('a disabled provider needs no variables, and models may still refer to its keys', () => {
    const text = `
providers:
  off:
    type: CUSTOM
    enabled: os.environ/ENABLED
    base_url: os.environ/URL
    timeout: os.environ/TIMEOUT
    keys: { main: os.environ/KEY }
models: { m: { provider: off, key: main } }
`;
    assert.deepEqual(problemsOf(text, { ENABLED: 'false' }), []);
    assert.equal(problemsOf(text, { ENABLED: 'true' }).length, 3);
  });

  test('in a disabled provider it matters nowhere that a variable is unset', () => {
    const text = `
providers:
  off:
    type: os.environ/TYPE
    enabled: false
    discount_percent: [1]
    keys:
      a: { key: os.environ/KEY, revoked: os.environ/REVOKED }
      b: { v: 1, alg: os.environ/ALG, keyId: k }
      c: { key: { v: os.environ/V } }
    config: { api_version: os.environ/VERSION, any: thing }
  other: { type: CUSTOM, enabled: false, keys: os.environ/KEYS, config: { dialects: [os.environ/A, chat] } }
models:
  m: { provider: off, key: a }
  n: { provider: off, key: b }
  o: { provider: off, key: c }
  p: { provider: other, key: any }
`;
    assert.deepEqual(problemsOf(text), [
      '6:23 providers.off.discount_percent: expected a number, got a list',
    ]);
  });

  test('an alias whose target is unset is skipped with a warning', () => {
    const text = 'model_alias: { default-model: os.environ/DEFAULT_MODEL_NAME }';
    assert.deepEqual(problemsOf(text), [
      '1:31 model_alias.default-model: warning: the environment variable DEFAULT_MODEL_NAME is unset or empty; the alias is skipped',
    ]);
    assert.deepEqual(configOf(text).model_alias, {});
  });

  test('the name of an alias may come from the environment', () => {
    const text = `
providers: { p: { type: MOCK } }
models: { m: { provider: p } }
model_alias: { os.environ/ALIAS: m }`;
    assert.deepEqual(configOf(text, { ALIAS: 'short' }).model_alias, { short: 'm' });
    assert.deepEqual(problemsOf(text), [
      '4:16 model_alias.os.environ/ALIAS: the environment variable ALIAS is unset or empty; export it before you start; no .env file is read',
    ]);
  });

  test('two aliases that become the same name are an error', () => {
    assert.deepEqual(problemsOf('model_alias: { a: m, os.environ/A: m }', { A: 'a' }), [
      '1:19 model_alias.a: warning: no model has the name `m`',
      '1:22 model_alias.os.environ/A: this alias is declared twice',
    ]);
  });

  test('a variable that is wrong as a number is not called text', () => {
    const text = 'providers: { p: { type: MOCK, discount_percent: os.environ/PERCENT } }';
    assert.deepEqual(problemsOf(text, { PERCENT: '120' }), [
      '1:49 providers.p.discount_percent: must be 100 or less',
    ]);
  });

  test('CFG-5: as many values as a text can write are never taken for anchors that multiply', () => {
    const values = Array.from({ length: 1_000_001 }, () => 1);
    assert.deepEqual(substituteEnvironment(values, {}, 2_000_003).findings, []);
    assert.equal(substituteEnvironment(values, {}, 0).findings.length, 1);
  });
});
