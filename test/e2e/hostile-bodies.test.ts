import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/send-raw.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, WIRES } from '../support/wires.ts';

const [chat, , messages] = WIRES;
assert.ok(chat && messages);

const MIB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };

/** The model speaks Anthropic's dialect only, so that chat requests are parsed and translated. */
function translatedConfig(baseUrl: string) {
  const { providers, models } = oneModelConfig(baseUrl) as {
    providers: { up: object };
    models: object;
  };
  const config = { dialects: ['anthropic-messages'] };
  return { models, providers: { up: { ...providers.up, config } } };
}

describe('hostile bodies', () => {
  test('SEC-6: JSON that is deep, wide or many is refused in no time and little memory', async (t) => {
    const upstream = await fakeUpstream(t, plainAnswer(messages));
    const proxy = await startProxy(t, translatedConfig(upstream.url));
    const fill = (head: string, part: string, tail: string) =>
      head + part.repeat((16 * MIB) / part.length) + tail;
    const bombs = {
      'Nested too deeply': fill('{"model":"m","x":', '[', ''),
      'Too many values': fill('{"model":"m"', ',"":0', '}'),
      'Too many objects and arrays': fill('{"model":"m","messages":[', '{},', '{}]}'),
    };
    const before = process.memoryUsage.rss();
    for (const [says, body] of Object.entries(bombs)) {
      const startedAt = performance.now();
      const answer = await proxy.post(chat.path('m'), body);
      const { error } = (await answer.json()) as { error: { message: string; code: string } };
      assert.deepEqual([answer.status, error.code], [400, 'invalid_json']);
      assert.ok(error.message.startsWith(`Malformed JSON: ${says} at byte `), error.message);
      assert.ok(performance.now() - startedAt < 5_000);
    }
    const grownMib = (process.memoryUsage.rss() - before) / MIB;
    assert.ok(grownMib < 400, `the memory grew by ${grownMib} MiB`);
    assert.equal(upstream.seen.length, 0);
  });

  test('SEC-6: __proto__ and its kind are keys like others, wherever they stand', async (t) => {
    const upstream = await fakeUpstream(t, plainAnswer(messages));
    const native = await fakeUpstream(t, plainAnswer(chat));
    const translated = await startProxy(t, translatedConfig(upstream.url));
    const passed = await startProxy(t, oneModelConfig(native.url));
    const evil = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const parameters = `{"type":"object","properties":${evil},"required":["__proto__"]}`;
    const body = `{"model":"m","__proto__":{"polluted":true},"metadata":${evil},
      "messages":[{"role":"user","content":"Hi","__proto__":{"role":"system"}}],
      "tools":[{"type":"function","function":{"name":"__proto__","parameters":${parameters}}},
               {"type":"function","function":{"name":"constructor","parameters":{}}}]}`;
    for (const proxy of [translated, passed]) {
      const answer = await proxy.post(chat.path('m'), body);
      assert.ok(answer.status === 200 || answer.status === 400, await answer.text());
    }
    assert.equal(Reflect.get({}, 'polluted'), undefined);
    const sent = native.seen[0]?.body.toString() ?? '';
    assert.equal(sent, body.replace('"m"', '"slug-1"'));
    for (const path of ['/v1/models/__proto__', '/v1/models/constructor', '/__proto__']) {
      assert.equal((await sendRaw(passed.url + path)).status, 404, path);
    }
    for (const model of [
      '__proto__',
      'constructor',
      'toString',
      'up:__proto__',
      '__proto__:cost',
    ]) {
      const answer = await passed.post(chat.path('m'), { ...chat.request('m'), model });
      assert.equal(answer.status, 404, model);
    }
  });

  test('SEC-6: bytes that are no UTF-8 are passed on or refused, never a fault', async (t) => {
    const upstream = await fakeUpstream(t, plainAnswer(messages));
    const native = await fakeUpstream(t, plainAnswer(chat));
    const translated = await startProxy(t, translatedConfig(upstream.url));
    const passed = await startProxy(t, oneModelConfig(native.url));
    const parts = [`{"model":"m","messages":[{"role":"user","content":"`, `"}]}`];
    const [head = '', tail = ''] = parts;
    for (const hex of ['ff', 'c3', 'eda080', 'f8a1a1a1a1', '00', 'c0af']) {
      const body = Buffer.concat([Buffer.from(head), Buffer.from(hex, 'hex'), Buffer.from(tail)]);
      for (const proxy of [translated, passed]) {
        const url = proxy.url + chat.path('m');
        const { status } = await sendRaw(url, { method: 'POST', headers: JSON_TYPE, body });
        assert.ok(status === 200 || status === 400, `${hex}: ${status}`);
      }
      const sent = native.seen.at(-1)?.body ?? Buffer.alloc(0);
      assert.ok(sent.includes(Buffer.from(hex, 'hex')), 'the bytes are the same');
    }
    const name = Buffer.from('{"model":"\xff\xfe"}', 'latin1');
    const url = passed.url + chat.path('m');
    const answer = await sendRaw(url, { method: 'POST', headers: JSON_TYPE, body: name });
    assert.equal(answer.status, 404);
  });

  test('SEC-6: a compressed bomb is refused as it is, not unpacked', async (t) => {
    const proxy = await startProxy(t, oneModelConfig('http://127.0.0.1:9'));
    const body = gzipSync(Buffer.alloc(64 * MIB, 0x20));
    for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip']) {
      const headers = { ...JSON_TYPE, 'content-encoding': encoding };
      const url = proxy.url + chat.path('m');
      const answer = await sendRaw(url, { method: 'POST', headers, body });
      assert.equal(answer.status, 415, encoding);
    }
  });

  test('SEC-4: a model name cannot climb out of its route', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const { providers, models } = oneModelConfig(upstream.url) as {
      providers: object;
      models: { m: object };
    };
    const wildcard = { provider: 'up', slug: '*', pricing: 'none' };
    const proxy = await startProxy(t, { providers, models: { ...models, 'v/*': wildcard } });
    for (const name of ['v/../../admin', 'v/..', 'v/a/../b', 'v/./x', 'v/%2e%2e/x']) {
      const path = `/v1beta/models/${encodeURIComponent(name)}:generateContent`;
      const answer = await sendRaw(proxy.url + path, {
        method: 'POST',
        headers: JSON_TYPE,
        body: '{"contents":[]}',
      });
      if (name.includes('%')) continue;
      assert.equal(answer.status, 400, name);
    }
    // What is percent-encoded twice is a name, and stays one.
    assert.deepEqual(
      upstream.seen.map(({ url }) => url),
      ['/v1beta/models/%252e%252e/x:generateContent'],
    );
  });
});
