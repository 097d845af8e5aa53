import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { StartError } from '../../src/app/start-error.ts';
import { sendRaw } from '../support/send-raw.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const CONFIG = oneModelConfig('http://127.0.0.1:9');
const API_KEYS = { api_keys: { ana: { key: 'ana-key', models: ['*'] } } };

const onLoopback = (url: string) => `http://127.0.0.1:${new URL(url).port}`;

describe('listening beyond this machine', () => {
  test('SEC-1: without API keys it is refused, and the message says what to do', async (t) => {
    for (const [config, options] of [
      [CONFIG, { host: '0.0.0.0' }],
      [CONFIG, { host: '::' }],
      [{ ...CONFIG, server: { host: '0.0.0.0' } }, {}],
    ] as const) {
      await assert.rejects(startProxy(t, config, options), (error) => {
        assert.ok(error instanceof StartError);
        assert.match(error.message, /without `api_keys` would let everyone on the network spend/);
        assert.match(error.message, /Add api_keys .* or accept it with --allow-open/);
        return true;
      });
    }
  });

  test('SEC-1: API keys allow it, and so does --allow-open', async (t) => {
    const keyed = await startProxy(t, { ...CONFIG, ...API_KEYS }, { host: '0.0.0.0' });
    assert.equal((await fetch(`${onLoopback(keyed.url)}/v1/models`)).status, 401);
    const open = await startProxy(t, CONFIG, { host: '0.0.0.0', allowOpen: true });
    assert.equal((await fetch(`${onLoopback(open.url)}/v1/models`)).status, 200);
    // By address from anywhere, but by no name that a page could point here.
    const ask = (host: string) =>
      sendRaw(`${onLoopback(open.url)}/v1/models`, { headers: { host } });
    assert.equal((await ask('192.168.7.7:4356')).status, 200);
    assert.equal((await ask('rebound.example.com')).status, 403);
  });

  test('SEC-1: every loopback address and name is fine without either', async (t) => {
    for (const host of ['127.0.0.1', 'localhost', '127.0.0.2']) {
      const proxy = await startProxy(t, CONFIG, { host });
      assert.ok(proxy.url.startsWith(`http://${host}:`));
      assert.equal((await fetch(`${proxy.url}/health/live`)).status, 200);
    }
  });
});
