import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runCli, temporaryDirectory } from './run-cli.ts';

const LITELLM = `model_list:
  - model_name: fast
    litellm_params: { model: gpt-4.1-mini, api_key: os.environ/OPENAI_API_KEY, weight: 2 }
`;

describe('signalbox import litellm', () => {
  test('prints a config, and tells on stderr what is left', async (t) => {
    const cwd = await temporaryDirectory(t);
    await writeFile(join(cwd, 'litellm.yaml'), LITELLM);
    const { code, stdout, stderr } = await runCli(['import', 'litellm', 'litellm.yaml'], { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}fast: \{ provider: openai, slug: gpt-4\.1-mini \}$/m);
    assert.match(stdout, /^# {3}litellm\.yaml:3:80 model_list\[0\]\.litellm_params\.weight: /m);
    assert.match(stderr, /^litellm\.yaml:3:80 .*weight: warning: /);
    assert.match(stderr, /Models imported: 1\. Not brought over: 1\./);
  });

  test('writes a file for its owner that `check` takes, and never over another', async (t) => {
    const cwd = await temporaryDirectory(t);
    const file = join(cwd, 'config.yaml');
    await writeFile(join(cwd, 'litellm.yaml'), LITELLM);
    const words = ['import', 'litellm', 'litellm.yaml', '--output', 'config.yaml'];
    const first = await runCli(words, { cwd });
    assert.deepEqual([first.code, first.stdout], [0, '']);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const checked = await runCli(['check'], { cwd, env: { OPENAI_API_KEY: 'sk-x' } });
    assert.equal(checked.code, 0, checked.stdout);
    const written = await readFile(file, 'utf8');
    const second = await runCli(words, { cwd });
    assert.equal(second.code, 1);
    assert.match(second.stderr, /config\.yaml exists already, and nothing is written over it/);
    assert.equal(await readFile(file, 'utf8'), written);
  });

  test('fails on a file that is missing, no YAML, or without a model that can be served', async (t) => {
    const cwd = await temporaryDirectory(t);
    await writeFile(join(cwd, 'broken.yaml'), 'model_list: [');
    await writeFile(join(cwd, 'own.yaml'), 'models: { m: { provider: p } }\n');
    await writeFile(join(cwd, 'empty.yaml'), 'model_list: []\n');
    for (const [file, message] of [
      ['gone.yaml', /^gone\.yaml does not exist\.\n$/],
      ['broken.yaml', /broken\.yaml:1:\d+ /],
      ['own.yaml', /own\.yaml:1:1 This is a Signalbox config already\./],
      ['empty.yaml', /empty\.yaml: no model could be imported/],
    ] as const) {
      const { code, stdout, stderr } = await runCli(['import', 'litellm', file], { cwd });
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, message);
    }
  });
});
