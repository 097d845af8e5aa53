import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explainStrayWord } from '../../src/cli/explain-stray-word.ts';
import { runCli } from './run-cli.ts';

const COMMANDS = ['serve', 'check', 'keys', 'usage'];
const explain = (...words: string[]) => explainStrayWord(words, COMMANDS);

describe('explainStrayWord', () => {
  test('a slip is told which command was meant, and what is near to none that there is none', () => {
    assert.equal(explain('chekc'), 'There is no command `chekc`; did you mean `check`?');
    assert.equal(explain('dance'), 'There is no command `dance`.');
  });

  test('a config file is told where it goes', () => {
    assert.equal(explain('config.yaml'), 'To run that file: signalbox --config config.yaml');
    assert.equal(
      explain('check', './team.yml'),
      'The file goes behind --config: signalbox check --config ./team.yml',
    );
  });

  test('commands, options and nothing at all are left alone', () => {
    for (const words of [[], ['check'], ['help', 'check'], ['--port', '1'], ['keys', 'x.yaml']]) {
      assert.equal(explain(...words), null);
    }
  });
});

describe('signalbox', { concurrency: true }, () => {
  test('a word that is no command exits 2', async () => {
    const { code, stdout, stderr } = await runCli(['chekc']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^There is no command `chekc`; did you mean `check`\?\n/);
  });

  test('its help says that it serves, by which file and on which port', async () => {
    const { code, stdout } = await runCli(['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /Without a command it starts the proxy/);
    assert.match(stdout, /--config <file>.*\n.*--port <number>/);
    assert.match(stdout, /Examples:\n {2}\$ signalbox init/);
  });

  test('groups of commands show examples', async () => {
    for (const group of ['import', 'keys', 'prices']) {
      const { stdout } = await runCli([group, '--help']);
      assert.match(stdout, /\nExamples:\n {2}\$ signalbox /, group);
    }
  });
});
