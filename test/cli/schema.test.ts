import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runCli } from './run-cli.ts';

describe('signalbox schema (CLI-10)', { concurrency: true }, () => {
  test('prints the JSON Schema of the config on stdout', async () => {
    const { code, stdout, stderr } = await runCli(['schema']);
    assert.deepEqual([code, stderr], [0, '']);
    const schema = JSON.parse(stdout) as { title: string; properties: object };
    assert.equal(schema.title, 'Signalbox config');
    assert.ok(Object.hasOwn(schema.properties, 'model_alias'));
  });

  test('--help shows how an editor uses it', async () => {
    const { code, stdout } = await runCli(['schema', '--help']);
    assert.equal(code, 0);
    assert.match(stdout, /yaml-language-server: \$schema=/);
  });
});
