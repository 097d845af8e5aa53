import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/send-raw.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { readError, WIRES } from '../support/wires.ts';

const [, , , gemini] = WIRES;
assert.ok(gemini);
const BODY = JSON.stringify(gemini.request('m'));

/** Paths below the version segment, the model that they mean, and where they end upstream. */
const PATHS: [path: string, requested: string, upstream: string][] = [
  ['m:generateContent', 'm', 'slug-1:generateContent'],
  ['m:cost:generateContent', 'm:cost', 'slug-1:generateContent'],
  ['models/m:generateContent', 'm', 'slug-1:generateContent'],
  ['vendor/big/m:generateContent', 'vendor/big/m', 'their/own%3Aid:generateContent'],
  [
    'vendor%2Fbig%2Fm%3Acost%3AgenerateContent',
    'vendor/big/m:cost',
    'their/own%3Aid:generateContent',
  ],
  ['llama3:8b:countTokens', 'llama3:8b', 'llama3%3A8b:countTokens'],
  ['100%25:embedContent', '100%', '100%25:embedContent'],
];

async function start(t: TestContext) {
  const upstream = await fakeUpstream(t, {
    body: JSON.stringify({ ...gemini?.answer, embedding: { values: [] } }),
  });
  const { models, ...config } = oneModelConfig(upstream.url) as { models: object };
  const more = {
    'vendor/big/m': { provider: 'up', slug: 'their/own:id' },
    'llama3:8b': { provider: 'up' },
    '100%': { provider: 'up' },
  };
  return { upstream, proxy: await startProxy(t, { ...config, models: { ...models, ...more } }) };
}

const post = (url: string, body = BODY) =>
  sendRaw(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

describe('the model in a Gemini path', () => {
  test('RES-5: everything behind models/ and before the last colon is the model, decoded once', async (t) => {
    const { upstream, proxy } = await start(t);
    for (const version of ['/v1beta', '/v1', '']) {
      for (const [path, requested, target] of PATHS) {
        const answer = await post(`${proxy.url}${version}/models/${path}`);
        assert.equal(answer.status, 200, path);
        const [line] = (await proxy.ledger()).slice(-1);
        assert.equal(line?.['requested_model'], requested);
        assert.equal(upstream.seen.at(-1)?.url, `/v1beta/models/${target}`);
      }
    }
  });

  test('RES-5: an unknown verb is no route, an encoded percent stays one, a broken escape is told of', async (t) => {
    const { upstream, proxy } = await start(t);
    for (const [path, status, code] of [
      ['m:cost', 404, 'route_not_found'],
      ['m', 404, 'route_not_found'],
      ['m:GenerateContent', 404, 'route_not_found'],
      ['vendor%252Fbig%252Fm:generateContent', 404, 'model_not_found'],
      [':generateContent', 400, 'invalid_request'],
      ['m%zz:generateContent', 400, 'invalid_request'],
    ] as const) {
      const answer = await post(`${proxy.url}/v1beta/models/${path}`);
      assert.equal(answer.status, status, path);
      assert.equal(readError(gemini, JSON.parse(answer.text)).code, code, path);
    }
    assert.equal(upstream.seen.length, 0);
  });

  test('RES-6: where the body names the model too, it agrees with the path', async (t) => {
    const { upstream, proxy } = await start(t);
    for (const [verb, sent, arrived] of [
      [
        'embedContent',
        '{"model": "models/m","content":{}}',
        '{"model": "models/slug-1","content":{}}',
      ],
      [
        'countTokens',
        '{"generateContentRequest":{"model":"models/m","contents":[]}}',
        '{"generateContentRequest":{"model":"models/slug-1","contents":[]}}',
      ],
      [
        'batchEmbedContents',
        '{"requests":[{"model":"models/m","a":1.0},{"b":2}, {"model":"m"}]}',
        '{"requests":[{"model":"models/slug-1","a":1.0},{"b":2}, {"model":"models/slug-1"}]}',
      ],
    ] as const) {
      await post(`${proxy.url}/v1beta/models/m:${verb}`, sent);
      assert.equal(upstream.seen.at(-1)?.body.toString(), arrived);
    }
  });

  test('KEY-1: the query goes along, the key in it does not', async (t) => {
    const { upstream, proxy } = await start(t);
    await post(
      `${proxy.url}/v1beta/models/m:generateContent?%24alt=json&key=secret&%6bey=secret&x=1`,
    );
    assert.equal(upstream.seen[0]?.url, '/v1beta/models/slug-1:generateContent?%24alt=json&x=1');
  });
});
