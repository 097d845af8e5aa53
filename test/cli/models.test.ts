import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { writeConfig } from '../support/start-cli.ts';
import { runCli } from './run-cli.ts';

const PRICE = {
  input: { text_cost_per_1k_tokens: 0.001 },
  output: { text_cost_per_1k_tokens: 0.002 },
};

/** A config whose provider `up` lists these models. */
async function configFor(t: TestContext, type: string, list: unknown) {
  const { url, seen } = await fakeUpstream(t, { body: JSON.stringify(list) });
  const config = {
    providers: {
      up: {
        type,
        base_url: url,
        keys: { main: 'sk-main-0000000001', 'client-a': 'sk-client-0000001' },
      },
      other: { type: 'MOCK' },
    },
    models: {
      'gpt-4.1': { provider: 'up', pricing: PRICE },
      taken: { provider: 'other', pricing: PRICE },
      both: {
        pricing: PRICE,
        endpoints: [{ provider: 'other' }, { provider: 'up', slug: 'shared' }],
      },
    },
    variants: { 'gpt-4.1-client-a': { model: 'gpt-4.1' } },
    model_alias: { fast: 'gpt-4.1' },
  };
  return { ...(await writeConfig(t, config)), config, seen };
}

describe('signalbox models (CLI-7)', { concurrency: true }, () => {
  test('lists models, variants, wildcards and aliases with endpoints and prices', async (t) => {
    const { configFile } = await writeConfig(t, {
      providers: { sim: { type: 'MOCK', discount_percent: 50 }, far: { type: 'MOCK' } },
      models: {
        m: {
          context_window: 200_000,
          capabilities: ['tool_use'],
          pricing: PRICE,
          endpoints: [
            { provider: 'sim', slug: 'one' },
            { provider: 'far', slug: 'two' },
          ],
        },
        'all/*': { provider: 'far', slug: '*', pricing: 'none' },
      },
      variants: { 'm-clientA': { model: 'm' } },
      model_alias: { quick: 'm:latency' },
    });
    const { code, stdout, stderr } = await runCli(['models', '--config', configFile]);
    assert.deepEqual([code, stderr], [0, '']);
    const lines = stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | ').trim());
    assert.deepEqual(lines.slice(0, 8), [
      'model | provider | slug | $ in | $ out | context | what',
      'm | sim | one | 0.0005 | 0.001 | 200,000 | chat, tool use',
      '| far | two | 0.001 | 0.002',
      'm-clientA | sim | one | 0.0005 | 0.001 | 200,000 | chat, tool use, variant of m',
      '| far | two | 0.001 | 0.002',
      'all/* | far | * | ? | ? | chat',
      'quick | → m:latency',
      '',
    ]);
    const json = JSON.parse((await runCli(['models', '--config', configFile, '--json'])).stdout);
    assert.equal(json.models[1].variant_of, 'm');
    assert.deepEqual(json.models[0].endpoints[0].price, {
      input_text: '0.0005',
      output_text: '0.001',
    });
  });

  test('CLI-7: discover proposes what is new as models, and what is there as variants', async (t) => {
    const { configFile, config } = await configFor(t, 'OPENAI', {
      data: ['gpt-4.1', 'gpt-4.1-mini', 'taken', 'shared', 'org/x:free', 'y:cost', 'any/*'].map(
        (id) => ({ id }),
      ),
    });
    const words = ['models', 'discover', 'up', '--config', configFile];
    const { code, stdout, stderr } = await runCli(words);
    assert.deepEqual([code, stderr], [0, 'up has 7 models: 4 to add, 2 as variants.\n']);
    const proposal = parse(stdout);
    assert.deepEqual(proposal.models, {
      'gpt-4.1-mini': { provider: 'up' },
      'up/taken': { provider: 'up', slug: 'taken' },
      'org/x:free': { provider: 'up' },
      'y-cost': { provider: 'up', slug: 'y:cost' },
    });
    assert.match(stdout, /# Left out, as `\*` in a slug is a wildcard:\n {2}# any\/\*\n/);
    assert.deepEqual(proposal.variants, {
      'gpt-4.1-clientA': { model: 'gpt-4.1' },
      'both-clientA': { model: 'both' },
    });
    assert.match(stdout, /gpt-4\.1-mini: .* # \$0\.0004 in, \$0\.0016 out per 1,000 tokens\n/);
    assert.match(stdout, /"org\/x:free": .* # no price is known/);

    const pasted = {
      ...config,
      models: { ...config.models, ...proposal.models },
      variants: { ...config.variants, ...proposal.variants },
    };
    const { problems } = await loadCatalog({ text: stringify(pasted) });
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  test('CLI-7: with --key it asks as that key, and the entries name it', async (t) => {
    const list = { data: [{ id: 'gpt-4.1' }, { id: 'shared' }, { id: 'new' }] };
    const { configFile, config, seen } = await configFor(t, 'OPENAI', list);
    const words = ['models', 'discover', 'up', '--config', configFile, '--key', 'client-a'];
    const { stdout } = await runCli(words);
    assert.deepEqual(
      seen.map(({ method, url, headers }) => [method, url, headers.authorization]),
      [['GET', '/v1/models', 'Bearer sk-client-0000001']],
    );
    const proposal = parse(stdout);
    assert.deepEqual(proposal, {
      models: { new: { provider: 'up', key: 'client-a' } },
      variants: {
        'gpt-4.1-client-a-2': { model: 'gpt-4.1', key: 'client-a' },
        'both-client-a': {
          model: 'both',
          endpoints: [{ provider: 'up', slug: 'shared', key: 'client-a' }],
        },
      },
    });
    const variants = { ...config.variants, ...proposal.variants };
    const { problems } = await loadCatalog({ text: stringify({ ...config, variants }) });
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  test("takes over what Google's and Anthropic's lists tell of a model", async (t) => {
    const google = await configFor(t, 'GOOGLE', {
      models: [
        {
          name: 'models/gemini-x',
          inputTokenLimit: 1_000_000,
          outputTokenLimit: 65_536,
          supportedGenerationMethods: ['generateContent'],
        },
        { name: 'models/embed-x', supportedGenerationMethods: ['embedContent'] },
      ],
    });
    const found = await runCli(['models', 'discover', 'up', '--config', google.configFile]);
    assert.deepEqual(parse(found.stdout).models, {
      'gemini-x': { provider: 'up', context_window: 1_000_000, max_output_tokens: 65_536 },
      'embed-x': { provider: 'up', type: 'embeddings' },
    });
    const anthropic = await configFor(t, 'ANTHROPIC', {
      data: [{ id: 'claude-x', max_input_tokens: 200_000, max_tokens: 64_000 }],
    });
    const words = ['models', 'discover', 'up', '--config', anthropic.configFile, '--json'];
    assert.deepEqual(JSON.parse((await runCli(words)).stdout), [
      { slug: 'claude-x', contextWindow: 200_000, maxOutputTokens: 64_000, kind: null },
    ]);
  });

  test('says why a provider did not tell, and names what is nearest', async (t) => {
    const simulator = await startSimulator();
    t.after(() => simulator.close());
    const { configFile } = await writeConfig(t, {
      providers: { locked: { type: 'OPENAI', base_url: simulator.url, keys: { main: 'invalid' } } },
    });
    const ask = (...words: string[]) =>
      runCli(['models', 'discover', ...words, '--config', configFile]);
    const [refused, slip] = await Promise.all([ask('locked'), ask('loked')]);
    assert.deepEqual([refused.code, refused.stdout], [1, '']);
    assert.match(
      refused.stderr,
      /^locked refuses its key `main` \(…\) with 401\nCorrect providers\./,
    );
    assert.equal(slip.code, 1);
    assert.match(slip.stderr, /no provider `loked`; did you mean `locked`\?/);
  });
});
