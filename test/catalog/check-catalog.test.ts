import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './catalog-of.ts';

const PROVIDERS = `
providers: { p: { type: MOCK }, q: { type: MOCK } }
admin_key: os.environ/A
`;
const PRICED = 'pricing: { input: { text_cost_per_1k_tokens: 0 } }';
const BUDGET = 'budgets: [{ usd: 5, period: month }]';

async function problems(text: string): Promise<string[]> {
  const all = await problemsOf(PROVIDERS + text, {
    environment: { A: 'admin-key', K: 'key-one', L: 'key-two' },
  });
  return all.filter((problem) => !problem.includes('not enforced'));
}

describe('checkCatalog: prices (CFG-10)', () => {
  test('a model without a price is warned of once, with the endpoints concerned', async () => {
    const endpoints = `[{ provider: p, ${PRICED} }, { provider: q, slug: s }]`;
    assert.deepEqual(
      await problems(`models: { m: { endpoints: ${endpoints} }, n: { provider: p } }`),
      [
        'warning models.m: has no price for `s` at `q`: add `pricing`, or `pricing: none`',
        'warning models.n: has no price for `n` at `p`: add `pricing`, or `pricing: none`',
      ],
    );
  });

  test('a variant is warned of like a model, unless it has a price', async () => {
    assert.deepEqual(
      await problems(`
models: { m: { provider: p } }
variants: { v: { model: m }, w: { model: m, ${PRICED} } }`),
      [
        'warning models.m: has no price for `m` at `p`: add `pricing`, or `pricing: none`',
        'warning variants.v: has no price for `m` at `p`: add `pricing`, or `pricing: none`',
      ],
    );
  });

  test('`pricing: none`, wildcards and moderation need no price', async () => {
    assert.deepEqual(
      await problems(`
models:
  m: { provider: p, pricing: none }
  x/*: { provider: p, slug: "*" }
  mod: { provider: p, type: moderation }`),
      [],
    );
  });
});

describe('checkCatalog: budgets that reach an unpriced model (CFG-10, BUD-4)', () => {
  test('CFG-10: a wildcard that says `pricing: none` is an unpriced model for whoever reaches into it', async () => {
    const models = `models: { w/*: { provider: p, slug: "*", pricing: none }, x/*: { provider: p, slug: "*" } }`;
    const of = (grants: string) =>
      problems(`${models}\napi_keys: { k: { key: os.environ/K, ${grants}, ${BUDGET} } }`);
    const problem =
      'error api_keys.k: has a budget and may call `w/*`, whose price is not known: add a price, or `unpriced: allow` here';
    for (const grant of ['"*"', '"w/*"', 'w/one', '"w/o*"']) {
      assert.deepEqual(await of(`models: [${grant}]`), [problem], grant);
    }
    for (const grants of ['models: ["x/*"]', 'models: ["*"], denied_models: ["w/*"]']) {
      assert.deepEqual(await of(grants), [], grants);
    }
  });

  const MODELS = `models: { priced: { provider: p, ${PRICED} }, dark: { provider: p, pricing: none } }`;
  const PROBLEM =
    'error api_keys.k: has a budget and may call `dark`, whose price is not known: add a price, or `unpriced: allow` here';

  const refused: Record<string, string> = {
    'its own budget': `api_keys: { k: { key: os.environ/K, models: [dark], ${BUDGET} } }`,
    'its team’s budget': `
teams: { t: { ${BUDGET} } }
api_keys: { k: { key: os.environ/K, models: ["*"], team: t } }`,
    'its user’s budget': `
users: { u: { ${BUDGET} } }
api_keys: { k: { key: os.environ/K, models: ["d*"], user: u } }`,
    'its organisation’s budget': `
organisations: { o: { ${BUDGET} } }
api_keys: { k: { key: os.environ/K, models: ["*"], organisation: o } }`,
  };
  for (const [name, text] of Object.entries(refused)) {
    test(`a key under ${name} is an error`, async () => {
      assert.deepEqual(await problems(`${MODELS}\n${text}`), [PROBLEM]);
    });
  }

  const accepted: Record<string, string> = {
    'that says `unpriced: allow`': `{ key: os.environ/K, models: ["*"], unpriced: allow, ${BUDGET} }`,
    'that is denied the model': `{ key: os.environ/K, models: ["*"], denied_models: [dark], ${BUDGET} }`,
    'without a budget': '{ key: os.environ/K, models: ["*"] }',
  };
  for (const [name, apiKey] of Object.entries(accepted)) {
    test(`a key ${name} is fine`, async () => {
      assert.deepEqual(await problems(`${MODELS}\napi_keys: { k: ${apiKey} }`), []);
    });
  }
});

describe('checkCatalog: keys', () => {
  test('two entries with the same key are an error, however they are written', async () => {
    const digest = '1b83325bc1acb7a83b13e3a3d27f6e9b3a2f7d0f0c9ae4f8f9c6b2b0f8c4f9a1';
    assert.deepEqual(
      await problems(
        `models: { m: { provider: p, pricing: none } }
api_keys: { a: { key: os.environ/K }, b: { key: os.environ/K }, c: { key: os.environ/L }, d: { key: "sha256:${digest}" } }`,
      ),
      ['error api_keys.b.key: is the same key as that of `a`'],
    );
  });
});
