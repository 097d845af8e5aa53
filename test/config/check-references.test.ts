import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './problems-of.ts';

const CONFIG = `
providers:
  one: { type: MOCK, keys: { main: x, client-a: y } }
  two: { type: MOCK, keys: { main: x } }
models:
  short: { provider: one }
  long: { endpoints: [{ provider: one }, { provider: two }] }
  vendor/*: { provider: one }
model_alias: { nick: short }
teams: { growth: {} }
`;

/** What is said about the config above with something added, without line and column. */
function problemsWith(addition: string): string[] {
  return problemsOf(CONFIG + addition).map((problem) => problem.replace(/^\S+ /, ''));
}

describe('checkReferences (CFG-6, CFG-8)', () => {
  const wrong: [name: string, addition: string, problem: string][] = [
    [
      'an unknown key of a provider',
      'variants: { v: { model: short, key: client-b } }',
      'variants.v.key: provider `one` has no key `client-b`; did you mean `client-a`?',
    ],
    [
      'a key that only one of several providers has',
      'variants: { v: { model: long, key: client-a } }',
      'variants.v.key: provider `two` has no key `client-a`',
    ],
    [
      'a variant of a variant',
      'variants: { v: { model: short }, w: { model: v } }',
      'variants.w.model: `v` is a variant itself; name its model',
    ],
    [
      'a variant of a wildcard',
      'variants: { v: { model: vendor/* } }',
      'variants.v.model: `vendor/*` is a wildcard; only a model of one name has variants',
    ],
    [
      'an unknown fallback of a variant',
      'variants: { v: { model: short, fallbacks: [long, shrot] } }',
      'variants.v.fallbacks[1]: unknown model `shrot`; did you mean `short`?',
    ],
    [
      'an unknown provider in the endpoints of a variant',
      'variants: { v: { model: short, endpoints: [{ provider: three }] } }',
      'variants.v.endpoints[0].provider: unknown provider `three`',
    ],
    [
      'an alias among fallbacks',
      'variants: { v: { model: short, fallbacks: [nick] } }',
      'variants.v.fallbacks[0]: `nick` is an alias; name the model that it stands for',
    ],
    [
      'a grant of an alias',
      'api_keys: { k: { key: os.environ/HOME_KEY, models: [nick] } }',
      'api_keys.k.models[0]: `nick` is an alias; name the model that it stands for',
    ],
    [
      'an unknown team',
      'api_keys: { k: { key: "sha256:00", team: grwoth } }',
      'api_keys.k.team: unknown team `grwoth`; did you mean `growth`?',
    ],
    [
      'an unknown user where users are declared',
      'users: { ana: {} }\napi_keys: { k: { key: "sha256:00", user: anna } }',
      'api_keys.k.user: unknown user `anna`; did you mean `ana`?',
    ],
    [
      'a denied model that does not exist',
      'api_keys: { k: { key: "sha256:00", denied_models: [lnog] } }',
      'api_keys.k.denied_models[0]: unknown model `lnog`; did you mean `long`?',
    ],
  ];
  for (const [name, addition, problem] of wrong) {
    test(`${name} is an error with a suggestion`, () => {
      assert.ok(problemsWith(addition).includes(problem), problemsWith(addition).join('\n'));
    });
  }

  test('names that exist, patterns, wildcards and mere labels are fine', () => {
    assert.deepEqual(
      problemsWith(`
variants: { v: { model: long, key: main, fallbacks: [short, vendor/any] } }
api_keys:
  k:
    key: "sha256:${'0'.repeat(64)}"
    models: ["*", "sho*", v, vendor/any]
    denied_models: [long]
    team: growth
    user: anyone
    organisation: acme`),
      [],
    );
  });
});
