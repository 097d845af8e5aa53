import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { readError, WIRES, type Wire } from '../support/wires.ts';

/** Our own failures: how each is brought about, its status, its code, and the word of each API. */
const ROWS: {
  model: string;
  status: number;
  code: string;
  words: Record<Wire['surface'], string>;
}[] = [
  {
    model: 'disabled',
    status: 403,
    code: 'provider_disabled',
    words: {
      openai: 'permission_error',
      anthropic: 'permission_error',
      google: 'PERMISSION_DENIED',
    },
  },
  {
    model: 'revoked',
    status: 403,
    code: 'provider_api_key_revoked',
    words: {
      openai: 'permission_error',
      anthropic: 'permission_error',
      google: 'PERMISSION_DENIED',
    },
  },
  {
    model: 'none',
    status: 404,
    code: 'model_not_found',
    words: { openai: 'invalid_request_error', anthropic: 'not_found_error', google: 'NOT_FOUND' },
  },
  {
    model: 'unauthorised',
    status: 502,
    code: 'upstream_auth_error',
    words: { openai: 'server_error', anthropic: 'api_error', google: 'UNAVAILABLE' },
  },
  {
    model: 'unreachable',
    status: 502,
    code: 'upstream_error',
    words: { openai: 'server_error', anthropic: 'api_error', google: 'UNAVAILABLE' },
  },
  {
    model: 'html',
    status: 502,
    code: 'upstream_invalid_response',
    words: { openai: 'server_error', anthropic: 'api_error', google: 'UNAVAILABLE' },
  },
  {
    model: 'slow',
    status: 504,
    code: 'upstream_timeout',
    words: { openai: 'server_error', anthropic: 'timeout_error', google: 'DEADLINE_EXCEEDED' },
  },
];

/** One provider for each way to fail, and a model of its name behind each. */
function failingConfig(urls: Record<'html' | 'slow' | 'unauthorised', string>) {
  const { up } = oneModelConfig('http://127.0.0.1:1')['providers'] as { up: object };
  const providers: Record<string, object> = {
    disabled: { ...up, enabled: false },
    revoked: { ...up, keys: { main: { key: 'sk-canary-0001', revoked: true } } },
    unreachable: up,
    unauthorised: { ...up, base_url: urls.unauthorised },
    html: { ...up, base_url: urls.html },
    slow: { ...up, base_url: urls.slow, timeout: '50ms' },
  };
  const names = Object.keys(providers);
  const models = Object.fromEntries(
    names.map((name) => [name, { provider: name, key: 'main', pricing: 'none' }]),
  );
  return { providers, models };
}

describe('the table of errors', () => {
  for (const wire of WIRES) {
    test(`contract ${wire.name} names each status in the word of its API, with one code for all`, async (t) => {
      const html = { headers: { 'content-type': 'text/html' }, body: '<h1>Hello</h1>' };
      const unauthorised = { status: 401, body: '{"error":{"message":"bad sk-canary"}}' };
      const urls = {
        html: (await fakeUpstream(t, html)).url,
        slow: (await fakeUpstream(t, () => undefined)).url,
        unauthorised: (await fakeUpstream(t, unauthorised)).url,
      };
      const proxy = await startProxy(t, failingConfig(urls));
      for (const { model, status, code, words } of ROWS) {
        const response = await proxy.post(wire.path(model), wire.request(model));
        const text = await response.text();
        assert.equal(response.status, status, `${model}: ${text}`);
        const error = readError(wire, JSON.parse(text));
        assert.deepEqual([error.code, error.type], [code, words[wire.surface]], model);
        assert.ok(!/canary|127\.0\.0\.1:1\/|at .*\.ts/.test(text), text);
        const [line] = (await proxy.ledger()).slice(-1);
        assert.deepEqual([line?.['http_status'], line?.['error_code']], [status, code]);
      }
    });
  }

  test('API-4, contract a route that no provider of the model has is 400, and says so', async (t) => {
    const { up } = oneModelConfig('http://127.0.0.1:1')['providers'] as { up: object };
    const claude = { ...up, config: { dialects: ['anthropic-messages'] } };
    const models = { m: { provider: 'claude', pricing: 'none' } };
    const proxy = await startProxy(t, { providers: { claude }, models });
    for (const route of ['images/generations', 'audio/speech', 'moderations', 'completions']) {
      const response = await proxy.post(`/v1/${route}`, { model: 'm' });
      assert.equal(response.status, 400, route);
      const { error } = (await response.json()) as { error: Record<string, string> };
      assert.deepEqual(
        [error['type'], error['code'], error['param']],
        ['invalid_request_error', 'provider_not_allowed', 'model'],
      );
      assert.match(error['message'] ?? '', /served by `claude`, which does not offer/);
    }
  });

  test('LED-3, contract a ledger that `disk` cannot keep is 503 in each shape', async (t) => {
    const usage = { file: '/dev/null/usage.jsonl', durability: 'disk' };
    const proxy = await startProxy(t, { ...oneModelConfig('http://127.0.0.1:9'), usage });
    const words = { openai: 'server_error', anthropic: 'api_error', google: 'UNAVAILABLE' };
    for (const wire of WIRES) {
      const response = await proxy.post(wire.path('m'), wire.request('m'));
      assert.equal(response.status, 503);
      const { code, type } = readError(wire, await response.json());
      assert.deepEqual([code, type], ['ledger_unavailable', words[wire.surface]]);
    }
  });
});
