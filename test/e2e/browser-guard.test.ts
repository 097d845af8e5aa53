import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/send-raw.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, readError, streamedAnswer, WIRES } from '../support/wires.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const FRIEND = 'https://chat.example.com';

describe('requests that a web page may have made', () => {
  for (const wire of WIRES) {
    test(`SEC-2: ${wire.name} in open mode answers under loopback names only`, async (t) => {
      const upstream = await fakeUpstream(t, plainAnswer(wire));
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const { port } = new URL(proxy.url);
      const body = JSON.stringify(wire.request('m'));
      const ask = (host: string) =>
        sendRaw(proxy.url + wire.path('m'), {
          method: 'POST',
          headers: { ...JSON_TYPE, host },
          body,
        });
      for (const host of [
        `127.0.0.1:${port}`,
        'localhost',
        `LocalHost:${port}`,
        '[::1]:80',
        'a.localhost',
      ]) {
        assert.equal((await ask(host)).status, 200, host);
      }
      const passed = upstream.seen.length;
      for (const host of [
        'evil.example',
        '127.0.0.1.evil.example',
        'localhost.evil.example:80',
        '10.0.0.1',
      ]) {
        const { status, text } = await ask(host);
        assert.equal(status, 403, host);
        const { code, message } = readError(wire, JSON.parse(text));
        assert.equal(code, 'host_not_allowed');
        assert.match(message, /IP address of this machine or localhost.*or set `api_keys`/);
      }
      assert.equal(upstream.seen.length, passed);
      assert.equal((await proxy.ledger()).length, passed);
    });

    test(`SEC-2: ${wire.name} refuses other origins, and lets allowed ones read the answer`, async (t) => {
      const answers = [plainAnswer(wire), streamedAnswer(wire)];
      const upstream = await fakeUpstream(t, () => answers.shift() ?? { status: 400, body: '{}' });
      const server = { allowed_origins: [FRIEND] };
      const proxy = await startProxy(t, { ...oneModelConfig(upstream.url), server });
      const ask = (origin: string, model = 'm') =>
        proxy.post(wire.path(model), wire.request(model), { origin });
      for (const origin of [
        'https://evil.example',
        'null',
        `${FRIEND}.evil.example`,
        'http://chat.example.com',
        'http://127.0.0.1:1',
      ]) {
        const response = await ask(origin);
        assert.equal(response.status, 403, origin);
        assert.equal(readError(wire, await response.json()).code, 'origin_not_allowed');
        assert.equal(response.headers.get('access-control-allow-origin'), null);
      }
      assert.equal(upstream.seen.length, 0);
      // A plain answer, a stream, a refusal of the upstream, and one of ours.
      for (const [model, status] of [
        ['m', 200],
        ['m', 200],
        ['m', 400],
        ['none', 404],
      ] as const) {
        const { headers, ...response } = await ask(FRIEND, model).then((each) => ({
          status: each.status,
          headers: each.headers,
        }));
        assert.equal(response.status, status);
        assert.equal(headers.get('access-control-allow-origin'), FRIEND);
        assert.equal(headers.get('access-control-expose-headers'), '*');
        assert.equal(headers.get('vary'), 'origin');
      }
    });
  }

  test('SEC-2: a preflight of an allowed origin is granted, of another one refused', async (t) => {
    const server = { allowed_origins: [FRIEND] };
    const proxy = await startProxy(t, { ...oneModelConfig('http://127.0.0.1:9'), server });
    const preflight = (origin: string) =>
      fetch(`${proxy.url}/v1/chat/completions`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,x-stainless-os',
        },
      });
    const { status, headers } = await preflight(FRIEND);
    assert.equal(status, 204);
    assert.equal(headers.get('access-control-allow-origin'), FRIEND);
    assert.equal(headers.get('access-control-allow-methods'), 'GET, POST, OPTIONS');
    assert.equal(headers.get('access-control-allow-headers'), '*, authorization');
    assert.equal((await preflight('https://evil.example')).status, 403);
  });

  test('SEC-2: the same origin passes, and with API keys any host name does', async (t) => {
    const config = oneModelConfig('http://127.0.0.1:9');
    const open = await startProxy(t, config);
    const models = (origin: string) => fetch(`${open.url}/v1/models`, { headers: { origin } });
    assert.equal((await models(open.url)).status, 200);
    for (const path of ['/', '/health/live', '/v1/models', '/v1/route?model=m']) {
      const headers = { origin: 'https://evil.example' };
      assert.equal((await fetch(open.url + path, { headers })).status, 403, path);
    }
    const api_keys = { ana: { key: 'ana-key', models: ['*'] } };
    const keyed = await startProxy(t, { ...config, api_keys });
    const headers = { host: 'llm.example.com', authorization: 'Bearer ana-key' };
    assert.equal((await sendRaw(`${keyed.url}/v1/models`, { headers })).status, 200);
    const foreign = { ...headers, origin: 'https://evil.example' };
    assert.equal((await sendRaw(`${keyed.url}/v1/models`, { headers: foreign })).status, 403);
  });
});
