import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/send-raw.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

/** What a client may send, all of it with the canary. */
const CLIENT_HEADERS = {
  'content-type': 'application/json',
  authorization: 'Bearer canary',
  'proxy-authorization': 'Basic canary',
  'x-api-key': 'canary',
  'x-goog-api-key': 'canary',
  'api-key': 'canary',
  cookie: 'session=canary',
  'user-agent': 'canary',
  referer: 'http://canary/',
  'x-forwarded-for': 'canary',
  forwarded: 'for=canary',
  'accept-encoding': 'gzip, canary',
  te: 'trailers',
  'openai-organization': 'canary',
  'x-stainless-os': 'canary',
  'x-goog-user-project': 'canary',
  'anthropic-dangerous-direct-browser-access': 'canary',
  'x-custom': 'canary',
  'x-request-id': 'canary',
};

/** What travels on, and on which surface. */
const TRAVELLERS = {
  openai: { traceparent: '00-1', tracestate: 'a=1', 'idempotency-key': 'i-1' },
  anthropic: {
    traceparent: '00-1',
    tracestate: 'a=1',
    'anthropic-version': '2026-10-21',
    'anthropic-beta': 'b-1',
  },
  google: { traceparent: '00-1', tracestate: 'a=1' },
};

const OWN = [
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'host',
  'user-agent',
  'x-request-id',
];

const CREDENTIALS: Record<Wire['name'], string[]> = {
  chat: ['authorization'],
  responses: ['authorization'],
  messages: ['authorization', 'x-api-key'],
  gemini: ['x-goog-api-key'],
};

const UPSTREAM_HEADERS = {
  'set-cookie': 'upstream=canary',
  server: 'canary',
  'openai-organization': 'canary',
  'anthropic-organization-id': 'canary',
  'x-custom': 'canary',
  'x-request-id': 'up-1',
  'retry-after': '3',
  'x-should-retry': 'false',
  'x-ratelimit-remaining-requests': '9',
  'anthropic-ratelimit-tokens-limit': '8',
};

describe('headers that cross the proxy', () => {
  for (const wire of WIRES) {
    test(`SEC-4: of a ${wire.name} request only what is listed goes upstream`, async (t) => {
      const upstream = await fakeUpstream(t, plainAnswer(wire));
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const all = Object.assign({}, ...Object.values(TRAVELLERS));
      const answer = await sendRaw(proxy.url + wire.path('m'), {
        method: 'POST',
        headers: { ...CLIENT_HEADERS, ...all },
        body: JSON.stringify(wire.request('m')),
      });
      assert.equal(answer.status, 200);
      const headers = upstream.seen[0]?.headers ?? {};
      const travellers = TRAVELLERS[wire.surface];
      assert.deepEqual(
        Object.keys(headers).sort(),
        [...OWN, ...CREDENTIALS[wire.name], ...Object.keys(travellers)].sort(),
      );
      for (const [name, value] of Object.entries(travellers)) assert.equal(headers[name], value);
      for (const name of CREDENTIALS[wire.name]) {
        assert.match(String(headers[name]), /^(Bearer )?sk-upstream-secret-0001$/);
      }
      assert.ok(!JSON.stringify(headers).includes('canary'));
      assert.equal(headers['x-request-id'], answer.headers['x-request-id']);
      assert.equal(headers['accept-encoding'], 'identity');
    });

    test(`SEC-4: of a ${wire.name} answer only what is listed comes back`, async (t) => {
      const kinds: [FakeAnswer, boolean][] = [
        [plainAnswer(wire), false],
        [streamedAnswer(wire), true],
        [{ status: 429, body: '{}' }, false],
      ];
      for (const [answer, stream] of kinds) {
        const type = { 'content-type': 'application/json', ...answer.headers };
        const upstream = await fakeUpstream(t, {
          ...answer,
          headers: { ...type, ...UPSTREAM_HEADERS },
        });
        const proxy = await startProxy(t, oneModelConfig(upstream.url));
        const response = await proxy.post(wire.path('m', stream), wire.request('m', stream));
        await response.text();
        const { headers } = response;
        assert.ok(!JSON.stringify([...headers]).includes('canary'));
        assert.equal(headers.get('x-upstream-request-id'), 'up-1');
        assert.match(headers.get('x-request-id') ?? '', /^req_/);
        assert.equal(headers.get('retry-after'), '3');
        assert.equal(headers.get('x-should-retry'), 'false');
        assert.equal(headers.get('x-ratelimit-remaining-requests'), '9');
        assert.equal(headers.get('anthropic-ratelimit-tokens-limit'), '8');
      }
    });
  }

  test("SEC-4: configured headers win over all others, the model's over the provider's", async (t) => {
    const upstream = await fakeUpstream(t, {});
    const provider = { 'X-Team': 'provider', 'x-a': '1', 'anthropic-beta': 'provider' };
    const model = { 'x-team': 'model', 'x-number': 7 };
    const proxy = await startProxy(t, {
      providers: {
        up: {
          type: 'CUSTOM',
          base_url: upstream.url,
          config: { dialects: ['anthropic-messages'], headers: provider },
        },
      },
      models: { m: { provider: 'up', pricing: 'none', config: { headers: model } } },
    });
    const sent = { 'anthropic-beta': 'client', 'x-team': 'client' };
    await proxy.post('/v1/messages', { model: 'm' }, sent);
    const headers = upstream.seen[0]?.headers ?? {};
    const { 'x-team': team, 'x-a': a, 'x-number': number, 'anthropic-beta': beta } = headers;
    assert.deepEqual([team, a, number, beta], ['model', '1', '7', 'provider']);
    assert.equal(headers['anthropic-version'], '2023-06-01');
  });

  test('SEC-4: a name that is no header value is encoded in the headers that hold it', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const name = 'modèle\r\nx-injected: 1';
    const proxy = await startProxy(t, {
      providers: { 'é☃': { type: 'CUSTOM', base_url: upstream.url } },
      models: { [name]: { provider: 'é☃', slug: 's', pricing: 'none' } },
    });
    const response = await proxy.post('/v1/chat/completions', { model: name });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-signalbox-model'), encodeURIComponent(name));
    assert.equal(response.headers.get('x-signalbox-provider'), encodeURIComponent('é☃'));
    assert.equal(response.headers.get('x-injected'), null);
  });
});
