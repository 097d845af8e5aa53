import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { describeResolution } from '../../src/catalog/describe-resolution.ts';
import { resolveFallback, resolveModel } from '../../src/catalog/resolve-model.ts';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { PROFILES, type Profile, SUFFIXES } from '../../src/routing/profiles.ts';
import { catalogOf, problemsOf } from './catalog-of.ts';
import { GOLDEN_CONFIG, GOLDEN_TABLE } from './golden-table.ts';

const golden = await catalogOf(GOLDEN_CONFIG);

const wild = await catalogOf(`
providers:
  vendor: { type: MOCK }
  other: { type: MOCK, self_hosted: true }
models:
  vendor/*: { provider: vendor, slug: "*", pricing: none }
  vendor/large-*: { provider: other, slug: "x-*-large", pricing: none }
  vendor/exact: { provider: other, pricing: none }
  fixed-*: { provider: vendor, slug: always, pricing: none }
model_alias:
  shortcut: vendor/foo:cost
  gone: nothing
`);

function isNotFound(raw: string) {
  return (error: unknown) => {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, 'model_not_found');
    assert.equal(error.status, 404);
    assert.equal(error.param, 'model');
    assert.ok(error.message.includes(`\`${raw}\``), error.message);
    return true;
  };
}

describe('resolveModel: the golden table (RES-1, RES-2, RES-3, RES-4, ROU-8)', () => {
  for (const [requested, row] of Object.entries(GOLDEN_TABLE)) {
    test(`\`${requested}\` → ${row ? JSON.stringify(row) : '404'}`, () => {
      if (row === null) {
        assert.throws(() => resolveModel(golden, requested), isNotFound(requested));
        return;
      }
      const resolution = resolveModel(golden, requested);
      assert.equal(resolution.requested, requested);
      assert.equal(resolution.model.name, row.model);
      assert.equal(resolution.profile, row.profile ?? 'balanced');
      assert.equal(resolution.discount, row.discount ?? false);
      assert.equal(resolution.pinnedProvider, row.pinned ?? null);
    });
  }

  test('the table’s config warns of the shadowing, the chain and the self-alias (CFG-10)', async () => {
    assert.deepEqual(
      (await problemsOf(GOLDEN_CONFIG)).filter((problem) => problem.includes('model_alias')),
      [
        'warning model_alias.gpt-4: hides the model of the same name',
        'warning model_alias.self: points to itself and is ignored',
        'warning model_alias.a: `b` is an alias, and aliases are one level deep',
      ],
    );
  });

  test('a variant resolves to its own record with the slug of its model (RES-4)', () => {
    const { model } = resolveModel(golden, 'gpt-4o-clientA:cost');
    assert.equal(model.variantOf, 'gpt-4o');
    assert.deepEqual(
      model.endpoints.map(({ provider, slug }) => [provider.name, slug]),
      [
        ['openai', 'gpt-4o'],
        ['azure', 'gpt4o-eu'],
      ],
    );
  });

  test('grants judge the record: a key for the base is none for its variant (KEY-3, ROU-10)', () => {
    const { model } = resolveModel(golden, 'gpt-4o-clientA:cost');
    const granted = [...(golden.apiKeys?.values() ?? [])].map((apiKey) => [
      apiKey.name,
      apiKey.grants(model.name),
    ]);
    assert.deepEqual(granted, [
      ['base-only', false],
      ['variant-only', true],
    ]);
  });
});

describe('resolveModel: what is no name (RES-1)', () => {
  for (const raw of [undefined, null, '', 4, ['gpt-4o'], { name: 'gpt-4o' }]) {
    test(`${JSON.stringify(raw) ?? 'undefined'} is a 400`, () => {
      assert.throws(
        () => resolveModel(golden, raw),
        (error) => error instanceof GatewayError && error.code === 'invalid_request',
      );
    });
  }

  for (const raw of ['__proto__', 'constructor', 'toString:cost', ' gpt-4o', 'GPT-4o', ':', '::']) {
    test(`\`${raw}\` is only an unknown name (SEC-6)`, () => {
      assert.throws(() => resolveModel(golden, raw), isNotFound(raw));
    });
  }

  test('a name of a megabyte is quoted in part', () => {
    assert.throws(
      () => resolveModel(golden, 'x'.repeat(1_000_000)),
      (error) => error instanceof GatewayError && error.message.length < 400,
    );
  });
});

describe('resolveModel: aliases (RES-2)', () => {
  test('the alias that was followed is told', () => {
    assert.equal(resolveModel(golden, 'fast:cost').alias, 'fast');
    assert.equal(resolveModel(golden, 'gpt-4o').alias, null);
  });

  test('a self-alias leaves the model of its name alone', async () => {
    const catalog = await catalogOf(`
providers: { p: { type: MOCK } }
models: { gpt-4: { provider: p, pricing: none } }
model_alias: { gpt-4: gpt-4 }`);
    assert.equal(resolveModel(catalog, 'gpt-4').alias, null);
  });

  test('a model can be given another profile by an alias of its own name', async () => {
    const catalog = await catalogOf(`
providers: { p: { type: MOCK } }
models: { gpt-4: { provider: p, pricing: none } }
model_alias: { gpt-4: 'gpt-4:cost' }`);
    assert.equal(resolveModel(catalog, 'gpt-4').profile, 'cost');
    assert.equal(resolveModel(catalog, 'gpt-4:latency').profile, 'latency');
  });

  test('SEC-6: no wildcard stands for a name of more than 256 characters', () => {
    const name = (length: number) => `vendor/${'x'.repeat(length - 'vendor/'.length)}`;
    assert.equal(resolveModel(wild, name(256)).model.name, name(256));
    assert.equal(resolveModel(wild, `${name(256)}:cost`).profile, 'cost');
    for (const raw of [name(257), `${name(257)}:cost`, `vendor:${name(257)}`]) {
      assert.throws(() => resolveModel(wild, raw), { code: 'model_not_found' });
    }
  });

  test('an alias whose target is missing is a 404, with a suffix too', () => {
    for (const raw of ['gone', 'gone:cost']) {
      assert.throws(() => resolveModel(wild, raw), isNotFound(raw));
    }
  });

  test('a suffix on the request replaces the target’s :discount', async () => {
    const catalog = await catalogOf(`
providers: { p: { type: MOCK, self_hosted: true } }
models: { m: { provider: p, pricing: none } }
model_alias: { cheap: 'm:discount' }`);
    assert.equal(resolveModel(catalog, 'cheap').discount, true);
    assert.equal(resolveModel(catalog, 'cheap:cost').discount, false);
  });
});

describe('resolveModel: wildcards (RES-1)', () => {
  const slugs: [string, string, string][] = [
    ['vendor/foo', 'vendor', 'foo'],
    ['vendor/foo:free', 'vendor', 'foo:free'],
    ['vendor/foo:cost', 'vendor', 'foo'],
    ['vendor/large-7b', 'other', 'x-7b-large'],
    ['vendor/exact', 'other', 'vendor/exact'],
    ['fixed-anything', 'vendor', 'always'],
    ['vendor:vendor/foo', 'vendor', 'foo'],
    ['shortcut', 'vendor', 'foo'],
  ];
  for (const [requested, provider, slug] of slugs) {
    test(`\`${requested}\` is sent to \`${provider}\` as \`${slug}\``, () => {
      const [endpoint] = resolveModel(wild, requested).model.endpoints;
      assert.deepEqual([endpoint?.provider.name, endpoint?.slug], [provider, slug]);
    });
  }

  test('the record has the name that was asked for, without its suffix', () => {
    assert.equal(resolveModel(wild, 'vendor/foo:cost').model.name, 'vendor/foo');
    assert.equal(resolveModel(wild, 'vendor/foo:cost').profile, 'cost');
  });

  test('the star stands for at least one character', () => {
    assert.throws(() => resolveModel(wild, 'vendor/'), isNotFound('vendor/'));
  });

  test('a name is bound once, and a thousand others do not pile up', () => {
    const first = resolveModel(wild, 'vendor/foo').model;
    assert.equal(resolveModel(wild, 'vendor/foo:cost').model, first);
    for (let count = 0; count < 1_000; count += 1) resolveModel(wild, `vendor/n${count}`);
    assert.notEqual(resolveModel(wild, 'vendor/foo').model, first);
  });
});

describe('resolveModel: pins (RES-1)', () => {
  test('a slug finds the model before its variant, and only the endpoint that sends it', () => {
    const { model, pinnedProvider } = resolveModel(golden, 'azure:gpt4o-eu');
    assert.equal(model.name, 'gpt-4o');
    assert.equal(pinnedProvider, 'azure');
    assert.deepEqual(
      model.endpoints.map(({ slug }) => slug),
      ['gpt4o-eu'],
    );
  });

  test('a provider that does not serve the name is a 404', () => {
    assert.throws(() => resolveModel(golden, 'google:gpt-4o'), isNotFound('google:gpt-4o'));
  });
});

describe('resolveModel: suffixes never change the record (RES-4, ROU-10)', () => {
  const names = [...golden.models.keys(), 'fast', 'b', 'gpt-4'];
  const profiles = Object.keys(PROFILES) as Profile[];

  test('any name with any profile is the record of the bare name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.constantFrom(...profiles), (name, profile) => {
        const suffixed = resolveModel(golden, `${name}:${profile}`);
        assert.equal(suffixed.model, resolveModel(golden, name).model);
        assert.equal(suffixed.profile, profile);
      }),
    );
  });

  test('what is unknown stays unknown under every suffix', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...SUFFIXES), (name, suffix) => {
        fc.pre(!names.includes(name) && !name.includes(':'));
        assert.throws(
          () => resolveModel(golden, `${name}:${suffix}`),
          isNotFound(`${name}:${suffix}`),
        );
      }),
    );
  });

  test('no string makes it throw anything but a 400 or a 404', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
        try {
          resolveModel(golden, raw);
        } catch (error) {
          assert.ok(error instanceof GatewayError && [400, 404].includes(error.status));
        }
      }),
    );
  });
});

describe('resolveModel: names that end like a suffix (RES-1)', () => {
  const text = `
providers: { p: { type: MOCK } }
models:
  m: { provider: p, slug: "s:cost", pricing: none }
  "w:*": { provider: p, slug: "*", pricing: none }
`;

  test('RES-1: what is no model before the suffix is tried whole, as a pin and as a wildcard', async () => {
    const catalog = await catalogOf(text);
    const pinned = resolveModel(catalog, 'p:s:cost');
    assert.deepEqual(
      [pinned.model.name, pinned.pinnedProvider, pinned.profile],
      ['m', 'p', 'balanced'],
    );
    const wildcard = resolveModel(catalog, 'w:cost');
    assert.deepEqual([wildcard.model.name, wildcard.profile], ['w:cost', 'balanced']);
    assert.ok(!describeResolution(catalog, wildcard).join().includes('suffix'));
    const suffixed = resolveModel(catalog, 'w:x:cost');
    assert.deepEqual([suffixed.model.name, suffixed.profile], ['w:x', 'cost']);
    assert.throws(() => resolveModel(catalog, 'x:cost'), isNotFound('x:cost'));
  });
});

describe('resolveFallback (FAI-1)', () => {
  test('FAI-1: a fallback is the model of that name, although an alias hides it from clients', () => {
    assert.equal(resolveModel(golden, 'gpt-4').model.name, 'gpt-4o');
    assert.equal(resolveFallback(golden, 'gpt-4').model.name, 'gpt-4');
    assert.equal(resolveFallback(wild, 'vendor/foo').model.name, 'vendor/foo');
    assert.throws(() => resolveFallback(golden, 'fast'), isNotFound('fast'));
  });
});
