import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './problems-of.ts';

function problems(text: string): string[] {
  return problemsOf(text).map((problem) => problem.replace(/^\S+ /, ''));
}

describe('checkForms: providers', () => {
  for (const type of ['AZURE_OPENAI', 'VLLM', 'CUSTOM']) {
    test(`${type} needs a base URL while it is enabled`, () => {
      const keys = 'keys: { a: os.environ/K }';
      assert.deepEqual(problemsOf(`providers: { p: { type: ${type}, ${keys} } }`, { K: 'x' }), [
        `1:14 providers.p: needs \`base_url\`: type ${type} has no default`,
      ]);
      assert.deepEqual(problems(`providers: { p: { type: ${type}, enabled: false } }`), []);
    });
  }

  test('a provider whose type needs a key and has none is warned of', () => {
    assert.deepEqual(problems('providers: { p: { type: OPENAI } }'), [
      'providers.p: warning: has no `keys`: its calls will carry no authentication',
    ]);
  });

  test('a base URL is an http or https URL', () => {
    for (const url of ['api.example.com', 'ftp://example.com', 'localhost:8000', 'https://']) {
      assert.deepEqual(problems(`providers: { p: { type: CUSTOM, base_url: "${url}" } }`), [
        'providers.p.base_url: expected a URL such as https://api.example.com/v1',
      ]);
    }
  });

  test('several providers of one type are allowed (CFG-7)', () => {
    assert.deepEqual(problems('providers: { a: { type: MOCK }, b: { type: MOCK } }'), []);
  });
});

describe('checkForms: models and variants', () => {
  const PROVIDERS = 'providers: { p: { type: MOCK, keys: { k: x } } }\n';

  test('a model needs one of the two forms', () => {
    assert.deepEqual(problems(`${PROVIDERS}models: { m: { slug: x } }`), [
      'models.m: needs `provider` or `endpoints`',
    ]);
  });

  test('the short form and the long form exclude each other', () => {
    const long = 'endpoints: [{ provider: p }]';
    assert.deepEqual(
      problems(`${PROVIDERS}models: { m: { ${long}, provider: p, slug: s, key: k } }`),
      [
        'models.m.provider: belongs into each of the `endpoints`',
        'models.m.slug: belongs into each of the `endpoints`',
        'models.m.key: belongs into each of the `endpoints`',
      ],
    );
    assert.deepEqual(problems(`${PROVIDERS}models: { m: { endpoints: [] } }`), [
      'models.m.endpoints: must not be empty',
    ]);
  });

  test('a variant of a model with several endpoints cannot move one of them', () => {
    assert.deepEqual(
      problems(`${PROVIDERS}
models: { m: { endpoints: [{ provider: p }, { provider: p, slug: n }] } }
variants: { v: { model: m, slug: other } }`),
      ['variants.v.slug: `m` has several endpoints; write `endpoints` here instead'],
    );
  });

  test('a base URL with a query is refused, since its calls would not carry it', () => {
    for (const url of ['http://x.y/v1?key=1', 'http://x.y/v1?', 'http://x.y/v1#part']) {
      assert.deepEqual(problems(`providers: { p: { type: CUSTOM, base_url: "${url}" } }`), [
        'providers.p.base_url: can have no query: every call has a path and a query of its own',
      ]);
    }
  });
});
