import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { compileCatalog } from '../../src/catalog/compile.ts';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { catalogOf } from './catalog-of.ts';

const PROVIDERS = `
providers:
  one: { type: MOCK, keys: { old: { key: a, revoked: true }, main: b, client-a: c } }
  two: { type: MOCK, keys: { client-a: d }, config: { caps: { stream_usage: false } } }
`;

/** Endpoints of a model as `provider/slug/key`. */
async function endpointsOf(text: string, model: string): Promise<string[]> {
  const { models } = await catalogOf(PROVIDERS + text);
  const endpoints = models.get(model)?.endpoints ?? [];
  return endpoints.map(({ provider, slug, key }) => `${provider.name}/${slug}/${key?.name}`);
}

describe('compileCatalog: providers and endpoints', () => {
  test('slug and key have defaults: the name, and the first key that is not revoked', async () => {
    assert.deepEqual(await endpointsOf('models: { m: { provider: one } }', 'm'), ['one/m/main']);
    assert.deepEqual(await endpointsOf('models: { m: { endpoints: [{ provider: two }] } }', 'm'), [
      'two/m/client-a',
    ]);
  });

  test('a revoked key is used only where it is named or the last one (ROU-1)', async () => {
    const text = 'models: { m: { provider: one, key: old } }';
    assert.deepEqual(await endpointsOf(text, 'm'), ['one/m/old']);
    const { models } = await catalogOf(`
providers: { p: { type: MOCK, keys: { a: { key: x, revoked: true } } } }
models: { m: { provider: p } }`);
    assert.equal(models.get('m')?.endpoints[0]?.key?.revoked, true);
  });

  test('a provider without keys has endpoints without one', async () => {
    const { models } = await catalogOf(
      'providers: { p: { type: MOCK } }\nmodels: { m: { provider: p } }',
    );
    assert.equal(models.get('m')?.endpoints[0]?.key, null);
  });

  test('a simulated provider gets the URL of its simulator (CFG-9)', async () => {
    const text = `${PROVIDERS}models: { m: { provider: one } }`;
    const mockUrls = new Map([['one', 'http://127.0.0.1:9999']]);
    const { providers } = await catalogOf(text, { mockUrls });
    assert.equal(providers.get('one')?.baseUrl, 'http://127.0.0.1:9999');
    const { source } = await loadCatalog({ text, environment: {} });
    assert.ok(source);
    const again = compileCatalog({ ...source, mockUrls });
    assert.equal(again.providers.get('one')?.baseUrl, 'http://127.0.0.1:9999');
  });

  test('base URL, timeout, discount and headers are ready to use', async () => {
    const { providers } = await catalogOf(`
providers:
  p:
    type: OPENAI
    keys: { k: x }
    timeout: 90s
    discount_percent: 12.5
    self_hosted: true
    byok: true
    config: { headers: { X-Team: growth } }
  q: { type: MOCK, name: The second, enabled: false }`);
    const p = providers.get('p');
    assert.equal(p?.baseUrl, 'https://api.openai.com/v1');
    assert.equal(p?.timeoutMs, 90_000);
    assert.equal(p?.discountBasisPoints, 1_250);
    assert.deepEqual([p?.selfHosted, p?.byok, p?.enabled], [true, true, true]);
    assert.deepEqual(p?.headers, { 'x-team': 'growth' });
    assert.equal(p?.label, 'p');
    assert.equal(providers.get('q')?.label, 'The second');
    assert.equal(providers.get('q')?.enabled, false);
  });

  test('operations follow the dialects that the provider speaks', async () => {
    const { models } = await catalogOf(`
providers:
  c: { type: CUSTOM, base_url: "http://10.0.0.1", config: { dialects: [anthropic-messages] } }
models: { m: { provider: c } }`);
    const operations = models.get('m')?.endpoints[0]?.operations;
    assert.equal(operations?.has('messages'), true);
    assert.equal(operations?.has('chat'), false);
  });

  test('capabilities: the endpoint’s word beats the model’s, which beats the provider’s', async () => {
    const { models } = await catalogOf(`${PROVIDERS}
models:
  m:
    endpoints: [{ provider: one }, { provider: two }, { provider: two, caps: { stream_usage: true } }]
  n: { provider: two, config: { caps: { stream_usage: true } } }`);
    const streamUsage = (name: string) =>
      models.get(name)?.endpoints.map(({ caps }) => caps.stream_usage);
    assert.deepEqual(streamUsage('m'), [undefined, false, true]);
    assert.deepEqual(streamUsage('n'), [true]);
  });

  test('body fields of a model become JSON text, and null stays null', async () => {
    const { models } = await catalogOf(`${PROVIDERS}
models:
  m:
    provider: one
    config:
      defaults: { temperature: 0.2, stop: null }
      overrides: { metadata: { team: [growth] } }
      headers: { X-Purpose: test }`);
    assert.deepEqual(models.get('m')?.edits, {
      defaults: [
        ['temperature', '0.2'],
        ['stop', 'null'],
      ],
      overrides: [['metadata', '{"team":["growth"]}']],
      headers: { 'x-purpose': 'test' },
    });
  });
});

describe('compileCatalog: variants (CFG-6)', () => {
  const MODELS = `
models:
  short:
    provider: one
    slug: s
    key: main
    type: reasoning
    capabilities: [vision]
    context_window: 1000
    fallbacks: [long]
    config: { defaults: { temperature: 1 } }
  long: { endpoints: [{ provider: one, slug: a }, { provider: two, slug: b }] }
`;
  const changes: Record<string, string[]> = {
    'model: short': ['one/s/main'],
    'model: short, key: client-a': ['one/s/client-a'],
    'model: short, slug: t': ['one/t/main'],
    'model: short, provider: two': ['two/s/client-a'],
    'model: long': ['one/a/main', 'two/b/client-a'],
    'model: long, key: client-a': ['one/a/client-a', 'two/b/client-a'],
    'model: long, endpoints: [{ provider: two, slug: c }]': ['two/c/client-a'],
    'model: short, endpoints: [{ provider: two }]': ['two/short/client-a'],
  };
  for (const [variant, endpoints] of Object.entries(changes)) {
    test(`{ ${variant} } is served by ${endpoints.join(' and ')}`, async () => {
      const text = `${MODELS}variants: { v: { ${variant} } }`;
      assert.deepEqual(await endpointsOf(text, 'v'), endpoints);
    });
  }

  test('blocks are inherited whole or replaced whole', async () => {
    const { models } = await catalogOf(`${PROVIDERS}${MODELS}
variants:
  same: { model: short }
  other: { model: short, type: chat, capabilities: [], fallbacks: [], config: { headers: { a: b } } }`);
    const same = models.get('same');
    assert.equal(same?.variantOf, 'short');
    assert.equal(same?.kind, 'reasoning');
    assert.equal(same?.contextWindow, 1_000);
    assert.deepEqual(same?.fallbacks, ['long']);
    assert.deepEqual(same?.edits.defaults, [['temperature', '1']]);
    const other = models.get('other');
    assert.equal(other?.kind, 'chat');
    assert.deepEqual([other?.capabilities, other?.fallbacks], [[], []]);
    assert.deepEqual(other?.edits, { defaults: [], overrides: [], headers: { a: 'b' } });
  });

  test('models come before variants, each in the order declared', async () => {
    const { models } = await catalogOf(`variants: { v: { model: short } }\n${PROVIDERS}${MODELS}`);
    assert.deepEqual([...models.keys()], ['short', 'long', 'v']);
  });
});

describe('compileCatalog: wildcards', () => {
  test('they are tried longest prefix first, and are no models by themselves', async () => {
    const { wildcards, models } = await catalogOf(`${PROVIDERS}
models: { "*": { provider: one }, "a/b/*": { provider: one }, "a/*": { provider: one } }`);
    assert.deepEqual(
      wildcards.map(({ prefix }) => prefix),
      ['a/b/', 'a/', ''],
    );
    assert.equal(models.size, 0);
  });
});

describe('compileCatalog: API keys (KEY-1, KEY-2, KEY-3)', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const MODELS = `${PROVIDERS}
models: { m: { provider: one }, mini: { provider: one }, o: { provider: one } }
`;

  test('plain text and digest are the same key', async () => {
    const { apiKeys } = await catalogOf(`${MODELS}
teams: { growth: {} }
api_keys:
  plain: { key: secret-one }
  digest:
    key: "sha256:${sha256('secret-two').toUpperCase()}"
    team: growth
    user: ana
    organisation: acme
    namespace: apps
    expires_at: 2027-01-01T00:00:00Z
    revoked: true`);
    assert.equal(apiKeys?.get(sha256('secret-one'))?.name, 'plain');
    const digest = apiKeys?.get(sha256('secret-two'));
    assert.equal(digest?.name, 'digest');
    assert.deepEqual([digest?.team, digest?.user, digest?.organisation], ['growth', 'ana', 'acme']);
    assert.equal(digest?.namespace, 'apps');
    assert.equal(digest?.expiresAt, Date.UTC(2027, 0, 1));
    assert.equal(digest?.revoked, true);
  });

  const grants: [settings: string, granted: string[]][] = [
    ['', []],
    ['models: ["*"]', ['m', 'mini', 'o']],
    ['models: [m]', ['m']],
    ['models: ["m*"]', ['m', 'mini']],
    ['models: ["*"], denied_models: [m]', ['mini', 'o']],
    ['models: [m, mini], denied_models: ["m*"]', []],
  ];
  for (const [settings, granted] of grants) {
    test(`{ ${settings} } grants ${granted.join(', ') || 'nothing'}`, async () => {
      const { apiKeys, models } = await catalogOf(
        `${MODELS}api_keys: { k: { key: x, ${settings} } }`,
      );
      const [apiKey] = apiKeys?.values() ?? [];
      assert.deepEqual(
        [...models.keys()].filter((name) => apiKey?.grants(name)),
        granted,
      );
    });
  }

  test('no `api_keys` is open mode, and an empty one lets nobody in', async () => {
    assert.equal((await catalogOf('{}')).apiKeys, null);
    assert.equal((await catalogOf('api_keys: {}')).apiKeys?.size, 0);
  });
});
