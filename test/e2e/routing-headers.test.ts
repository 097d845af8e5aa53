import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, streamedAnswer, WIRES } from '../support/wires.ts';

const route = (headers: Headers) =>
  ['model', 'provider', 'profile', 'attempts'].map((name) => headers.get(`x-signalbox-${name}`));

describe('the headers that tell of a call’s way', () => {
  for (const wire of WIRES) {
    for (const stream of [false, true]) {
      const kind = stream ? 'stream' : 'answer';
      test(`ROU-11: a ${wire.name} ${kind} carries them, after a failover too`, async (t) => {
        const broken = await fakeUpstream(t, { status: 500 });
        const answer = stream ? streamedAnswer(wire) : plainAnswer(wire);
        const upstream = await fakeUpstream(t, answer);
        const { up } = oneModelConfig(upstream.url)['providers'] as { up: object };
        const proxy = await startProxy(t, {
          providers: { broken: { ...up, base_url: broken.url }, up },
          models: { m: { endpoints: [{ provider: 'broken' }, { provider: 'up' }] } },
          variants: { 'm-ana': { model: 'm' } },
        });
        const ask = async (model: string) => {
          const response = await proxy.post(wire.path(model, stream), wire.request(model, stream));
          await response.text();
          const [line] = (await proxy.ledger()).slice(-1);
          assert.equal(response.headers.get('x-request-id'), line?.['request_id']);
          return [route(response.headers), line?.['routing_profile']];
        };
        assert.deepEqual(await ask('m'), [['m', 'up', 'balanced', '2'], 'balanced']);
        // What has failed comes last between equals.
        assert.deepEqual(await ask('m:cost'), [['m', 'up', 'cost', '1'], 'cost']);
        const variant = await ask('m-ana:latency');
        assert.deepEqual(variant, [['m-ana', 'up', 'latency', '1'], 'latency']);
        assert.deepEqual(await ask('up:m'), [['m', 'up', 'balanced', '1'], 'balanced']);
      });
    }
  }

  test('ROU-11: errors carry them too, those of an upstream and ours about it', async (t) => {
    const refusing = await fakeUpstream(t, { status: 400, body: '{}' });
    const { up } = oneModelConfig(refusing.url)['providers'] as { up: object };
    const nobody = { ...up, base_url: 'http://127.0.0.1:9' };
    const proxy = await startProxy(t, {
      providers: { up, nobody, nobody2: nobody },
      models: {
        m: { provider: 'up' },
        lost: { endpoints: [{ provider: 'nobody' }, { provider: 'nobody2' }] },
      },
    });
    const ask = (model: string) => proxy.post('/v1/chat/completions', { model, messages: [] });
    const refused = await ask('m:cost');
    assert.equal(refused.status, 400);
    assert.deepEqual(route(refused.headers), ['m', 'up', 'cost', '1']);
    const lost = await ask('lost');
    assert.equal(lost.status, 502);
    assert.deepEqual(route(lost.headers), ['lost', 'nobody2', 'balanced', '2']);
    const unknown = await ask('nothing');
    assert.equal(unknown.status, 404);
    assert.ok(unknown.headers.get('x-request-id'));
    assert.deepEqual(route(unknown.headers), [null, null, null, '0']);
    const profiles = (await proxy.ledger()).map((line) => line['routing_profile']);
    assert.deepEqual(profiles, ['cost', 'balanced', 'balanced']);
  });

  test('ROU-11: a refusal tells what was known when it was made', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const { up } = oneModelConfig(upstream.url)['providers'] as { up: object };
    const proxy = await startProxy(t, {
      providers: { up, off: { ...up, enabled: false } },
      models: { m: { provider: 'up' }, off: { provider: 'off' } },
      api_keys: { ana: { key: 'ana-key', models: ['off'] } },
    });
    const auth = { authorization: 'Bearer ana-key' };
    const ask = async (model: string) => {
      const body = { model, messages: [] };
      const response = await proxy.post('/v1/chat/completions', body, auth);
      return [response.status, ...route(response.headers)];
    };
    assert.deepEqual(await ask('m:latency'), [403, 'm', null, 'latency', '0']);
    assert.deepEqual(await ask('off:cost'), [403, 'off', null, 'cost', '0']);
  });

  test('ROU-11: a count that is made here carries them', async (t) => {
    const proxy = await startProxy(t, {
      providers: {
        up: {
          type: 'CUSTOM',
          base_url: 'http://127.0.0.1:9',
          config: { dialects: ['openai-chat'] },
        },
      },
      models: { m: { provider: 'up' } },
    });
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
    const response = await proxy.post('/v1/messages/count_tokens', body);
    assert.equal(response.status, 200);
    assert.deepEqual(route(response.headers), ['m', null, 'balanced', '0']);
    assert.equal(response.headers.get('request-id'), response.headers.get('x-request-id'));
  });

  test('ROU-11: a name that no header can hold is percent-encoded', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const { providers } = oneModelConfig(upstream.url);
    const proxy = await startProxy(t, { providers, models: { 'v/*': { provider: 'up' } } });
    const names: [model: string, header: string][] = [
      ['"v/Müller"', 'v%2FM%C3%BCller'],
      ['"v/a\\r\\nset-cookie: b"', 'v%2Fa%0D%0Aset-cookie%3A%20b'],
      ['"v/\\ud800"', 'v%2F%EF%BF%BD'],
      ['"v/a b"', 'v/a b'],
    ];
    for (const [model, header] of names) {
      const response = await proxy.post('/v1/chat/completions', `{"model":${model}}`);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('x-signalbox-model'), header);
      assert.equal(response.headers.get('set-cookie'), null);
    }
  });
});
