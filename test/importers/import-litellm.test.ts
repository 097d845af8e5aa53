import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parse, parseDocument, stringify, visit } from 'yaml';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { composeConfig } from '../../src/importers/compose-config.ts';
import { importLitellm } from '../../src/importers/litellm/import-litellm.ts';
import { fakeEnvironment } from '../support/fake-environment.ts';

const FORTY = readFileSync(
  new URL('../fixtures/litellm/forty-models.yaml', import.meta.url),
  'utf8',
);

/** Maps that hold whatever their owner likes, and are read or left out as a whole. */
const FREE_FORM = /headers|model_group_alias|credential_info|cache_params|environment_variables/;

function importedText(text: string): string {
  return composeConfig(importLitellm(text), 'litellm.yaml');
}

/** The imported config as plain values. */
function imported(text: string) {
  return parse(importedText(text));
}

/** A model list with one entry. */
function entry(params: object, rest: object = {}): string {
  return stringify({ model_list: [{ model_name: 'm', litellm_params: params, ...rest }] });
}

function problemsOf(text: string): string[] {
  return importLitellm(text).problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('a LiteLLM config', () => {
  test('of forty models keeps every name, and is a config that can run', async () => {
    const text = importedText(FORTY);
    const { problems, catalog } = await loadCatalog({ text, environment: fakeEnvironment(text) });
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    const wanted = parse(FORTY, { merge: true }).model_list.map(
      ({ model_name }: { model_name: string }) => model_name,
    );
    const names = Object.keys(parse(text).models);
    assert.deepEqual(names.sort(), [...new Set<string>(wanted)].sort());
    assert.equal(names.filter((name) => !name.endsWith('*')).length, 40);
    assert.ok(catalog);
  });

  test('is told with its line what has no counterpart', () => {
    const { problems } = importLitellm(FORTY);
    const lines = FORTY.split('\n');
    assert.deepEqual(
      problems.map(({ path }) => path.replace(/^.*[.\]]/, '')),
      [
        'weight',
        'base_model',
        'model',
        'num_retries',
        'context_window_fallbacks',
        'success_callback',
        'cache',
        'cache_params',
        'model_group_alias',
        'redis_host',
        'database_url',
        'alerting',
        'environment_variables',
      ],
    );
    for (const { line, path } of problems) {
      assert.ok(lines[line - 1]?.includes(path.replace(/^.*[.\]]/, '')), `${path} at ${line}`);
    }
  });

  test('loses no key in silence, wherever it stands', () => {
    const document = parseDocument(FORTY, { merge: true });
    const places: string[] = [];
    visit(document, {
      Map(_key, map, ancestors) {
        const path = ancestors.map((node) => String(Reflect.get(node, 'key') ?? '')).join(' ');
        const isFallback = /fallbacks/.test(path);
        if (FREE_FORM.test(path) || isFallback || map.has('<<')) return;
        const name = `nobody_knows_${places.length}`;
        places.push(name);
        map.set(name, 'sk-planted');
      },
    });
    assert.ok(places.length > 80, `${places.length} maps`);
    const { problems } = importLitellm(String(document));
    const told = problems.map(({ path }) => path).join('\n');
    assert.deepEqual(
      places.filter((name) => !new RegExp(`${name}$`, 'm').test(told)),
      [],
    );
  });

  test('gives no value away when it tells what is left', () => {
    const told = JSON.stringify(importLitellm(FORTY).problems);
    assert.doesNotMatch(told, /sk-lf-this-is-a-secret/);
    assert.doesNotMatch(importedText(FORTY), /sk-lf-this-is-a-secret/);
  });

  test('keeps a literal master key as its digest', () => {
    const text = `${entry({ model: 'gpt-4o' })}general_settings: { master_key: sk-1234 }\n`;
    const { api_keys, admin_key } = imported(text);
    assert.equal(
      api_keys.master.key,
      'sha256:88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b',
    );
    assert.equal(admin_key, undefined);
  });

  test('has its prices to the last digit', () => {
    const info = { input_cost_per_token: 7.5e-8, output_cost_per_token: '0.000000123456' };
    const { pricing } = imported(entry({ model: 'gpt-4o' }, { model_info: info })).models.m;
    assert.deepEqual(pricing, {
      input: { text_cost_per_1k_tokens: 0.000075 },
      output: { text_cost_per_1k_tokens: 0.000123456 },
    });
    const fine = entry({ model: 'gpt-4o', input_cost_per_token: 1e-13 });
    assert.match(
      problemsOf(fine).join(),
      /input_cost_per_token: is no price in whole nano-dollars/,
    );
  });

  test('has each deployment of a name as an endpoint, with its own limits and price', () => {
    const text = stringify({
      model_list: [
        { model_name: 'm', litellm_params: { model: 'gpt-4o', rpm: 5 } },
        {
          model_name: 'm',
          litellm_params: { model: 'groq/llama', input_cost_per_token: 0.000001, tpm: 900 },
        },
      ],
    });
    assert.deepEqual(imported(text).models.m.endpoints, [
      { provider: 'openai', slug: 'gpt-4o', policies: { requests: { per_minute: 5 } } },
      {
        provider: 'groq',
        slug: 'llama',
        pricing: { input: { text_cost_per_1k_tokens: 0.001 } },
        policies: { tokens: { per_minute: 900 } },
      },
    ]);
  });

  test('has the keys of one provider together', () => {
    const models = ['ONE', 'TWO', 'ONE'].map((name) => ({
      model_name: `m-${name}`,
      litellm_params: { model: 'openai/gpt-4o', api_key: `os.environ/KEY_${name}` },
    }));
    const { providers, models: found } = imported(stringify({ model_list: models }));
    assert.deepEqual(providers.openai.keys, {
      default: 'os.environ/KEY_ONE',
      'key-two': 'os.environ/KEY_TWO',
    });
    assert.equal(found['m-TWO'].key, 'key-two');
    assert.equal(found['m-ONE'].key, undefined);
  });

  const unserved: [string, object, RegExp][] = [
    ['bedrock', { model: 'bedrock/anthropic.claude-v2' }, /leads to `bedrock`, whose API/],
    ['vertex', { model: 'vertex_ai/gemini-2.5-pro' }, /leads to `vertex_ai`, whose API/],
    ['no provider', { model: 'llama-3' }, /names no provider; write one in front/],
    ['everything', { model: '*' }, /names no provider/],
    ['a variable', { model: 'os.environ/MODEL' }, /leads to `os.environ`/],
    ['no text', { model: 7 }, /is no text/],
    ['a stray star', { model: 'openai/*' }, /has a star, and its name has none/],
  ];
  for (const [title, params, message] of unserved) {
    test(`leaves out what it cannot serve, and says so once: ${title}`, () => {
      const result = importLitellm(entry({ ...params, api_key: 'sk-planted', rpm: 5 }));
      assert.equal(result.blocks, null);
      assert.equal(result.problems.length, 1);
      assert.match(result.problems[0]?.message ?? '', message);
    });
  }

  test('may not name a model as an order of endpoints', () => {
    const text = stringify({
      model_list: [{ model_name: 'm:cost', litellm_params: { model: 'gpt-4o' } }],
    });
    assert.match(problemsOf(text).join(), /ends in `:cost`, which orders endpoints here/);
  });

  test('keeps to fallbacks that there are', () => {
    const text = `${entry({ model: 'gpt-4o' })}litellm_settings: { fallbacks: [{ m: [gone] }, { other: [m] }] }\n`;
    assert.equal(imported(text).models.m.fallbacks, undefined);
    const told = problemsOf(text);
    assert.equal(told.length, 2);
    assert.match(told.join('\n'), /fallbacks\[0\]\.m: .*\n.*`other` is no model of the list/);
  });

  test('gives a budget over everything to everybody with a key, and to nobody without', () => {
    const settings = 'litellm_settings: { max_budget: 20, budget_duration: 7d }\n';
    const withKey = `${entry({ model: 'gpt-4o' })}${settings}general_settings: { master_key: os.environ/K }\n`;
    const { organisations, api_keys } = imported(withKey);
    assert.deepEqual(organisations.everyone.budgets, [{ usd: 20, period: 'week' }]);
    assert.equal(api_keys.master.organisation, 'everyone');
    const without = problemsOf(entry({ model: 'gpt-4o' }) + settings);
    assert.match(without.join('\n'), /max_budget: needs a `master_key`/);
  });

  test('that is no YAML has its own line to blame', () => {
    const { blocks, problems } = importLitellm('model_list: [');
    assert.equal(blocks, null);
    assert.equal(problems[0]?.severity, 'error');
  });
});
