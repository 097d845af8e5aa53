import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { composeStarterConfig } from '../../src/cli/starter-config.ts';
import { STARTER_PROVIDERS } from '../../src/cli/starter-providers.ts';
import { runCli, temporaryDirectory } from './run-cli.ts';

describe('signalbox init (CLI-2)', { concurrency: true }, () => {
  test('writes a config that `check` finds clean, with names and no values', async (context) => {
    const cwd = await temporaryDirectory(context);
    const env = { OPENAI_API_KEY: 'canary-openai', GOOGLE_API_KEY: 'canary-google' };
    const { code, stdout, stderr } = await runCli(['init'], { cwd, env });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Wrote config\.yaml with openai, google\.\n/);
    const text = await readFile(join(cwd, 'config.yaml'), 'utf8');
    assert.match(text, /os\.environ\/OPENAI_API_KEY/);
    assert.match(text, /os\.environ\/GOOGLE_API_KEY/);
    assert.ok(!text.includes('canary'));
    const checked = await runCli(['check'], { cwd, env });
    assert.deepEqual([checked.code, checked.stdout], [0, '']);
  });

  test('never overwrites without --force', async (context) => {
    const cwd = await temporaryDirectory(context);
    const file = join(cwd, 'config.yaml');
    await writeFile(file, 'server: {}\n');
    const refused = await runCli(['init'], { cwd });
    assert.deepEqual([refused.code, refused.stdout], [1, '']);
    assert.equal(refused.stderr, 'config.yaml exists already; --force overwrites it\n');
    assert.equal(await readFile(file, 'utf8'), 'server: {}\n');
    assert.equal((await runCli(['init', '--force'], { cwd })).code, 0);
    assert.match(await readFile(file, 'utf8'), /type: MOCK/);
  });

  test('a place that cannot be written exits 1', async (context) => {
    const cwd = await temporaryDirectory(context);
    const { code, stderr } = await runCli(['init', '--config', 'no/such/place.yaml'], { cwd });
    assert.equal(code, 1);
    assert.equal(stderr, 'no/such/place.yaml cannot be written (ENOENT)\n');
  });
});

describe('composeStarterConfig (CLI-2)', () => {
  const everything = Object.fromEntries(
    STARTER_PROVIDERS.flatMap(({ keyVariables, urlVariable }) => [
      ...keyVariables.map((variable): [string, string] => [variable, 'value']),
      [urlVariable ?? 'UNUSED', 'https://example.openai.azure.com'],
    ]),
  );

  test('without variables it runs on the simulator, clean of warnings', async () => {
    const { text, providers } = composeStarterConfig({});
    assert.deepEqual(providers, ['simulated']);
    const { catalog, problems } = await loadCatalog({ text, environment: {} });
    assert.deepEqual(problems, []);
    assert.ok(catalog?.models.has('demo'));
  });

  test('every provider that it knows gives a config without errors or warnings', async () => {
    const { text, providers } = composeStarterConfig(everything);
    assert.equal(providers.length, STARTER_PROVIDERS.length);
    const { problems } = await loadCatalog({ text, environment: everything });
    assert.deepEqual(problems, []);
  });

  test('the same holds for each provider alone', async () => {
    for (const { name, keyVariables, urlVariable = 'UNUSED' } of STARTER_PROVIDERS) {
      for (const variable of keyVariables) {
        const environment = { [variable]: 'value', [urlVariable]: 'https://x.openai.azure.com' };
        const { text, providers } = composeStarterConfig(environment);
        assert.deepEqual(providers, [name]);
        const { problems } = await loadCatalog({ text, environment });
        assert.deepEqual(problems, [], name);
      }
    }
  });

  test('an Azure key without its endpoint is no provider', () => {
    assert.deepEqual(composeStarterConfig({ AZURE_OPENAI_API_KEY: 'x' }).providers, ['simulated']);
  });
});
