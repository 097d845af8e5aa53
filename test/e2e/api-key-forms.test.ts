import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/send-raw.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, WIRES, type Wire } from '../support/wires.ts';

const KEY = 'sb-client-key-canary';

/** Every form in which SDKs send a key. */
const FORMS: [name: string, headers: Record<string, string>, query: string][] = [
  ['a bearer token', { authorization: `Bearer ${KEY}` }, ''],
  ['a bearer token in odd case', { authorization: `bearer   ${KEY} ` }, ''],
  ['x-api-key', { 'x-api-key': KEY }, ''],
  ['x-goog-api-key', { 'x-goog-api-key': KEY }, ''],
  ['api-key', { 'api-key': KEY }, ''],
  ['?key=', {}, `key=${KEY}`],
  ['?key= beside an empty header', { 'x-api-key': '' }, `a=1&%6Bey=${KEY}&b=2`],
];

async function start(t: TestContext, wire: Wire) {
  const upstream = await fakeUpstream(t, plainAnswer(wire));
  const api_keys = { ana: { key: KEY, models: ['m'] } };
  const proxy = await startProxy(t, { ...oneModelConfig(upstream.url), api_keys });
  return { upstream, proxy };
}

describe('the forms of an API key', () => {
  for (const wire of WIRES) {
    test(`KEY-1, API-7: ${wire.name} accepts every form, and none of them goes upstream`, async (t) => {
      const { upstream, proxy } = await start(t, wire);
      for (const [form, headers, query] of FORMS) {
        const path = query === '' ? wire.path('m') : `${wire.path('m')}?${query}`;
        const response = await proxy.post(path, wire.request('m'), headers);
        assert.equal(response.status, 200, form);
        const seen = upstream.seen.at(-1);
        assert.ok(!JSON.stringify([seen?.url, seen?.headers]).includes('canary'), form);
        assert.ok(!seen?.url.includes('key'), form);
      }
      const keys = (await proxy.ledger()).map((line) => line['api_key']);
      assert.deepEqual(keys, Array(FORMS.length).fill('ana'));
    });
  }

  test("KEY-1: where several are sent, the surface's own form is the one that counts", async (t) => {
    const [chat, , messages, gemini] = WIRES;
    for (const [wire, own] of [
      [chat, { authorization: `Bearer ${KEY}` }],
      [messages, { 'x-api-key': KEY }],
      [gemini, { 'x-goog-api-key': KEY }],
    ] as const) {
      assert.ok(wire);
      const { proxy } = await start(t, wire);
      const others = {
        authorization: 'Bearer wrong',
        'x-api-key': 'wrong',
        'x-goog-api-key': 'wrong',
      };
      const headers = { ...others, ...own };
      const response = await proxy.post(wire.path('m'), wire.request('m'), headers);
      assert.equal(response.status, 200, wire.name);
    }
  });

  test('KEY-1: a key that the config knows by its digest alone is accepted', async (t) => {
    // printf %s sb-client-key-canary | sha256sum
    const digest = 'fbc525a0ae80a6319a8b13c743bdc48aa04fcd629a195987fb10f9e752a1e74f';
    const api_keys = { ana: { key: `sha256:${digest.toUpperCase()}`, models: ['m'] } };
    const proxy = await startProxy(t, { ...oneModelConfig('http://127.0.0.1:9'), api_keys });
    const get = (key: string) =>
      fetch(`${proxy.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    assert.equal((await get(KEY)).status, 200);
    assert.equal((await get(`sha256:${digest}`)).status, 401);
    assert.equal((await get(digest)).status, 401);
  });

  test('KEY-1: one connection may present another key, or none, with each request', async (t) => {
    const api_keys = { ana: { key: KEY, models: ['m'] }, ben: { key: 'other', models: [] } };
    const proxy = await startProxy(t, { ...oneModelConfig('http://127.0.0.1:9'), api_keys });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => agent.destroy());
    const list = async (headers: Record<string, string>) => {
      const { status, text } = await sendRaw(`${proxy.url}/v1/models`, { agent, headers });
      return status === 200 ? JSON.parse(text).data.length : status;
    };
    const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
    const answers: unknown[] = [];
    for (const key of [KEY, KEY, 'wrong', 'other', KEY]) answers.push(await list(bearer(key)));
    answers.push(await list({}), await list({ ...bearer('wrong'), 'x-api-key': KEY }));
    answers.push(await list({ 'x-api-key': KEY }));
    assert.deepEqual(answers, [1, 1, 401, 0, 1, 401, 401, 1]);
    await eventually('the one connection to be free', () => {
      const [free = []] = Object.values(agent.freeSockets);
      return free.length === 1;
    });
  });
});
