import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, readError, WIRES } from '../support/wires.ts';

const API_KEYS = {
  ana: { key: 'ana-canary', models: ['*'] },
  old: { key: 'old-canary', models: ['*'], expires_at: '2026-01-01T00:00:00Z' },
  lost: { key: 'lost-canary', models: ['*'], revoked: true },
};

const UNAUTHENTICATED = {
  openai: 'authentication_error',
  anthropic: 'authentication_error',
  google: 'UNAUTHENTICATED',
};

const REFUSALS: [what: string, headers: Record<string, string>, code: string, says: RegExp][] = [
  ['no key', {}, 'unauthorized', /No API key\. Send one as/],
  ['an empty key', { authorization: 'Bearer ' }, 'unauthorized', /No API key/],
  ['another scheme', { authorization: 'Basic ana-canary' }, 'unauthorized', /No API key/],
  ['an unknown key', { 'x-api-key': 'guess-canary' }, 'unauthorized', /not known/],
  [
    'an expired key',
    { authorization: 'Bearer old-canary' },
    'api_key_expired',
    /`old` has expired/,
  ],
  [
    'a revoked key',
    { 'x-goog-api-key': 'lost-canary' },
    'api_key_revoked',
    /`lost` has been revoked/,
  ],
];

describe('refused API keys', () => {
  for (const wire of WIRES) {
    test(`KEY-1: ${wire.name} says 401 and why, in its own envelope`, async (t) => {
      const upstream = await fakeUpstream(t, plainAnswer(wire));
      const proxy = await startProxy(t, { ...oneModelConfig(upstream.url), api_keys: API_KEYS });
      for (const [what, headers, code, says] of REFUSALS) {
        const response = await proxy.post(wire.path('m'), wire.request('m'), headers);
        assert.equal(response.status, 401, what);
        const text = await response.text();
        const error = readError(wire, JSON.parse(text));
        assert.equal(error.type, UNAUTHENTICATED[wire.surface], what);
        assert.equal(error.code, code, what);
        assert.match(error.message, says);
        assert.ok(!text.includes('canary'), 'ERR-2: it never repeats what was sent');
      }
      assert.equal(upstream.seen.length, 0);
      assert.deepEqual(await proxy.ledger(), [], 'LED-1: only authenticated requests have a line');
    });
  }

  test('KEY-1: a key expires in the middle of a run', async (t) => {
    const upstream = await fakeUpstream(t, {});
    let now = Date.parse('2025-12-31T23:59:59Z');
    const clock = { now: () => now, monotonicMs: () => performance.now() };
    const config = { ...oneModelConfig(upstream.url), api_keys: API_KEYS };
    const proxy = await startProxy(t, config, { clock });
    const headers = { authorization: 'Bearer old-canary' };
    const ask = () => proxy.post('/v1/chat/completions', { model: 'm' }, headers);
    assert.equal((await ask()).status, 200);
    now += 1_000;
    assert.equal((await ask()).status, 401);
  });

  test('KEY-2: without `api_keys` nobody needs one, and a stray one does no harm', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    for (const headers of [{}, { authorization: 'Bearer sk-anything' }]) {
      assert.equal((await proxy.post('/v1/chat/completions', { model: 'm' }, headers)).status, 200);
    }
    assert.equal(upstream.seen[1]?.headers.authorization, 'Bearer sk-upstream-secret-0001');
  });

  test('KEY-1: the list of models and /v1/route ask for a key too, health does not', async (t) => {
    const proxy = await startProxy(t, {
      ...oneModelConfig('http://127.0.0.1:9'),
      api_keys: API_KEYS,
    });
    for (const path of ['/v1/models', '/v1/models/m', '/v1beta/models', '/v1/route?model=m']) {
      assert.equal((await fetch(proxy.url + path)).status, 401, path);
    }
    for (const path of ['/', '/health/live', '/health/ready']) {
      assert.equal((await fetch(proxy.url + path)).status, 200, path);
    }
  });
});
