import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { startProxy } from '../support/start-proxy.ts';
import { runCli } from './run-cli.ts';

async function makeKey(name: string) {
  const { code, stdout, stderr } = await runCli(['keys', 'new', name]);
  const key = /^ {2}(sbx-\S+)$/m.exec(stderr)?.[1] ?? '';
  return { code, stdout, key };
}

describe('signalbox keys new (CLI-8)', { concurrency: true }, () => {
  test('shows a key on stderr, and prints an entry by which the proxy accepts it', async (t) => {
    const { code, stdout, key } = await makeKey('ana');
    assert.equal(code, 0);
    assert.match(key, /^sbx-[\w-]{43}$/);
    assert.ok(!stdout.includes(key), 'the config does not hold the key itself');
    const proxy = await startProxy(t, {
      providers: { sim: { type: 'MOCK' } },
      models: { m: { provider: 'sim', pricing: 'none' } },
      ...(parse(stdout) as object),
    });
    const ask = async (presented: string) => {
      const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
      const headers = { authorization: `Bearer ${presented}` };
      return (await proxy.post('/v1/chat/completions', body, headers)).status;
    };
    assert.equal(await ask(key), 200);
    assert.equal(await ask(`${key}x`), 401);
    assert.equal((await proxy.ledger())[0]?.['api_key'], 'ana');
  });

  test('no two keys are alike', async () => {
    const [one, other] = await Promise.all([makeKey('ana'), makeKey('ana')]);
    assert.notEqual(one.key, other.key);
    assert.notEqual(one.stdout, other.stdout);
  });

  test('a name that YAML reads as something else is bad usage', async () => {
    const codes = await Promise.all(
      ['no', '12', 'a: b', ''].map(async (name) => (await makeKey(name)).code),
    );
    assert.deepEqual(codes, [2, 2, 2, 2]);
  });
});
