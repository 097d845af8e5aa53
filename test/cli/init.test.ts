import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { askProviders } from '../../src/cli/ask-providers.ts';
import { findProviders } from '../../src/cli/choose-providers.ts';
import { composeStarterConfig } from '../../src/cli/starter-config.ts';
import { STARTER_PROVIDERS } from '../../src/cli/starter-providers.ts';
import { sourceCommand } from '../support/source-command.ts';
import { runCli, temporaryDirectory } from './run-cli.ts';

describe('signalbox init (CLI-2)', { concurrency: true }, () => {
  test('writes a config that `check` finds clean, with names and no values', async (context) => {
    const cwd = await temporaryDirectory(context);
    const env = { OPENAI_API_KEY: 'canary-openai', GOOGLE_API_KEY: 'canary-google' };
    const { code, stdout, stderr } = await runCli(['init'], { cwd, env });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Wrote config\.yaml with openai, google\.\n/);
    assert.match(stdout, /\nStart it with: npx signalbox\n.*127\.0\.0\.1:4356\/ui\n/);
    assert.match(stdout, /\n {2}curl http:\S+ \\\n.*\n.*"model":"fast"/);
    const text = await readFile(join(cwd, 'config.yaml'), 'utf8');
    assert.match(text, /os\.environ\/OPENAI_API_KEY/);
    assert.match(text, /os\.environ\/GOOGLE_API_KEY/);
    assert.ok(!text.includes('canary'));
    const checked = await runCli(['check'], { cwd, env });
    assert.deepEqual([checked.code, checked.stdout], [0, '']);
  });

  test('without any key it says that it needs none', async (context) => {
    const cwd = await temporaryDirectory(context);
    const { code, stdout } = await runCli(['init'], { cwd });
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^Wrote config\.yaml with a simulated provider, which needs no account\.\n/,
    );
    assert.doesNotMatch(stdout, /doctor --live/);
  });

  test('a provider that lacks its endpoint is left out in words', async (context) => {
    const cwd = await temporaryDirectory(context);
    const { code, stderr } = await runCli(['init'], { cwd, env: { AZURE_OPENAI_API_KEY: 'x' } });
    assert.equal(code, 0);
    assert.equal(
      stderr,
      'azure is left out: AZURE_OPENAI_API_KEY is set, but AZURE_OPENAI_ENDPOINT is not.\n',
    );
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
    assert.equal(
      stderr,
      'no/such/place.yaml cannot be written: the folder no/such does not exist\n',
    );
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
    const { text, providers } = composeStarterConfig([]);
    assert.deepEqual(providers, ['simulated']);
    const { catalog, problems } = await loadCatalog({ text, environment: {} });
    assert.deepEqual(problems, []);
    assert.ok(catalog?.models.has('demo'));
  });

  test('every provider that it knows gives a config without errors or warnings', async () => {
    const { text, providers } = composeStarterConfig(findProviders(everything));
    assert.equal(providers.length, STARTER_PROVIDERS.length);
    const { problems } = await loadCatalog({ text, environment: everything });
    assert.deepEqual(problems, []);
  });

  test('the names of the documentation lead to a model that is written, each to its own provider’s', async () => {
    const aliasesFor = async (...names: string[]) => {
      const chosen = findProviders(everything).filter(({ provider }) =>
        names.includes(provider.name),
      );
      const { text } = composeStarterConfig(chosen);
      const { config, problems } = await loadCatalog({ text, environment: everything });
      assert.deepEqual(problems, []);
      return config?.model_alias;
    };
    const demo = { 'gpt-4o': 'demo', claude: 'demo', gemini: 'demo', fast: 'demo' };
    assert.deepEqual(await aliasesFor(), demo);
    assert.deepEqual(await aliasesFor('openai', 'anthropic'), {
      'gpt-4o': 'openai/gpt-4o',
      claude: 'claude-sonnet-4-5',
      gemini: 'gpt-4.1',
      fast: 'gpt-4.1',
    });
    assert.deepEqual(await aliasesFor('azure'), {});
  });

  test('the same holds for each provider alone', async () => {
    for (const { name, keyVariables, urlVariable = 'UNUSED' } of STARTER_PROVIDERS) {
      for (const variable of keyVariables) {
        const environment = { [variable]: 'value', [urlVariable]: 'https://x.openai.azure.com' };
        const { text, providers } = composeStarterConfig(findProviders(environment));
        assert.deepEqual(providers, [name]);
        const { problems } = await loadCatalog({ text, environment });
        assert.deepEqual(problems, [], name);
      }
    }
  });

  test('an Azure key without its endpoint is no provider', () => {
    assert.deepEqual(findProviders({ AZURE_OPENAI_API_KEY: 'x' }), []);
  });
});

describe('askProviders (CLI-2)', () => {
  /** Answers in turn; what was said is kept. */
  async function converse(answers: string[], environment: Record<string, string> = {}) {
    const said: string[] = [];
    const terminal = {
      ask: async (question: string) => {
        said.push(question);
        const answer = answers.shift();
        assert.ok(answer !== undefined, `nobody expected: ${question}`);
        return answer;
      },
      tell: (line: string) => void said.push(line),
    };
    const chosen = await askProviders(terminal, environment);
    assert.deepEqual(answers, []);
    return { ...composeStarterConfig(chosen), said: said.join('\n') };
  }

  test('without answers it takes what is set, and without that the simulator', async () => {
    const { providers, said } = await converse(['', ''], { ANTHROPIC_API_KEY: 'canary' });
    assert.deepEqual(providers, ['anthropic']);
    assert.match(said, / 2 {2}anthropic +ANTHROPIC_API_KEY is set/);
    assert.match(said, /The variable with the key of anthropic \[ANTHROPIC_API_KEY\]: /);
    assert.ok(!said.includes('canary'));
    assert.deepEqual((await converse([''])).providers, ['simulated']);
  });

  test('numbers, names and another provider make a config that `check` finds clean', async () => {
    const wishes = ['1, groq other nonsense', '1, groq other', '', 'MY_KEY'];
    const other = ['7up', 'gpu-box', 'gpu:8000', 'http://gpu:8000/v1', ''];
    const { providers, text, said } = await converse([...wishes, ...other]);
    assert.deepEqual(providers, ['openai', 'groq', 'gpu-box']);
    assert.match(said, /`nonsense` is none of them\./);
    assert.match(said, /GPU_BOX_API_KEY is not set/);
    const environment = { OPENAI_API_KEY: 'x', MY_KEY: 'x', GPU_BOX_API_KEY: 'x' };
    const { catalog, problems } = await loadCatalog({ text, environment });
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.equal(catalog?.providers.get('gpu-box')?.baseUrl, 'http://gpu:8000/v1');
  });

  test('a key in place of its variable is not taken', async () => {
    const { text, said } = await converse(['openai', 'sk-canary-1234', '']);
    assert.match(said, /not the key itself/);
    assert.ok(!text.includes('canary'));
  });
});

const SCRIPT = '/usr/bin/script';
const NO_PTY = existsSync(SCRIPT) ? false : 'there is no `script` for a terminal';

describe('signalbox init on a terminal (CLI-2)', { skip: NO_PTY, concurrency: true }, () => {
  /** Types the keys at a real terminal; what it showed, and how it ended. */
  function type(
    cwd: string,
    words: string,
    keys: string,
  ): Promise<{ shown: string; code: unknown }> {
    const command = sourceCommand('src/cli/index.ts').join(' ');
    return new Promise((resolve) => {
      const script = ['-qec', `${command} init ${words}`, '/dev/null'];
      const env = { PATH: process.env['PATH'], TERM: 'dumb' };
      const child = execFile(SCRIPT, script, { cwd, env, timeout: 20_000 }, (error, shown) =>
        resolve({ shown, code: error?.code ?? 0 }),
      );
      let isTyped = false;
      child.stdout?.on('data', (text: string) => {
        // Once it asks: what is typed before that is echoed twice.
        if (isTyped || !text.includes(']: ')) return;
        isTyped = true;
        child.stdin?.write(keys);
      });
    });
  }

  test('asks, writes what was answered, and says how to go on', async (context) => {
    const cwd = await temporaryDirectory(context);
    const { shown, code } = await type(cwd, '', 'anthropic\n\n');
    assert.equal(code, 0, shown);
    assert.match(shown, /Which providers do you use\?/);
    assert.match(shown, /ANTHROPIC_API_KEY is not set/);
    assert.match(shown, /Wrote config\.yaml with anthropic\./);
    assert.match(
      await readFile(join(cwd, 'config.yaml'), 'utf8'),
      /os\.environ\/ANTHROPIC_API_KEY/,
    );
  });

  test('an interrupt writes nothing, and an existing file is told before anything is asked', async (context) => {
    const cwd = await temporaryDirectory(context);
    assert.equal((await type(cwd, '', '\u0003')).code, 130);
    assert.deepEqual(await readdir(cwd), []);
    await writeFile(join(cwd, 'config.yaml'), 'server: {}\n');
    const { shown, code } = await type(cwd, '', '');
    assert.equal(code, 1);
    assert.match(shown, /^config\.yaml exists already/);
    assert.equal((await type(cwd, '--force --yes', '')).code, 0);
  });
});
