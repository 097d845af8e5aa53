import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { sealEnvelope } from '../../src/secrets/seal-envelope.ts';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { createKeyPair } from '../support/key-pair.ts';
import { writeConfig } from '../support/start-cli.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';
import { plainAnswer, WIRES } from '../support/wires.ts';

const [chat] = WIRES;
assert.ok(chat);

type OneModel = { providers: { up: object }; models: object };

describe('an encrypted provider key', () => {
  test('SEC-5: it reaches the upstream decrypted, is rotated by a reload, and its loss fails over', async (t) => {
    const { publicKey, privateKey } = createKeyPair();
    const place = await writeConfig(t, '');
    const pem = join(dirname(place.configFile), 'rsa-1.pem');
    await writeFile(pem, privateKey, { mode: 0o600 });
    const upstream = await fakeUpstream(t, plainAnswer(chat));
    const base = oneModelConfig(upstream.url) as OneModel;
    const configFor = async (text: string, usage = {}) => ({
      ...base,
      ...usage,
      encryption: { private_keys: { 'rsa-1': pem } },
      providers: {
        up: {
          ...base.providers.up,
          keys: { main: await sealEnvelope(text, { publicKeyPem: publicKey, keyId: 'rsa-1' }) },
        },
      },
    });
    const clock = createTestClock();
    const proxy = await startProxy(t, await configFor('sk-first'), { watch: true, clock });
    const call = () => proxy.post(chat.path('m', false), chat.request('m', false));
    const keyOf = (index: number) => upstream.seen[index]?.headers.authorization;
    assert.equal((await call()).status, 200);
    assert.equal(keyOf(0), 'Bearer sk-first');

    const before = await readFile(proxy.configFile, 'utf8');
    const usage = { usage: { file: proxy.ledgerFile } };
    await writeFile(proxy.configFile, stringify(await configFor('sk-second', usage)));
    await eventually('the second key', async () => {
      await call();
      return keyOf(upstream.seen.length - 1) === 'Bearer sk-second';
    });

    await rm(pem);
    assert.equal((await call()).status, 200, 'the key is remembered');
    clock.advance(5 * 60_000);
    const failed = await call();
    assert.equal(failed.status, 502);
    const { error } = (await failed.json()) as { error: { code: string; message: string } };
    assert.equal(error.code, 'upstream_auth_error');
    assert.ok(!error.message.includes(pem), 'ERR-2: no path');
    assert.ok(!before.includes('sk-first'));
    const lines = await proxy.ledger();
    assert.equal(lines.at(-1)?.['error_code'], 'upstream_auth_error');
    assert.ok(!JSON.stringify(lines).includes('sk-'));
  });
});
