import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { cutAnswer, plainAnswer, streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

const SLUG = '"slug-1"';

/** An upstream that streams when asked to, and a proxy whose model `q` answers under its own name. */
async function start(t: TestContext, wire: Wire) {
  const upstream = await fakeUpstream(t, ({ url, body }) =>
    url.includes('stream') || body.includes('"stream":true')
      ? streamedAnswer(wire)
      : plainAnswer(wire),
  );
  const { models, ...config } = oneModelConfig(upstream.url) as { models: { m: object } };
  const q = { ...models.m, response_model: 'requested' };
  return startProxy(t, { ...config, models: { ...models, q }, model_alias: { 'a"b': 'q' } });
}

describe('the model that an answer names', () => {
  for (const wire of WIRES) {
    const whole = JSON.stringify(wire.answer);
    const stream = wire.events.join('');

    test(`RES-7: a ${wire.name} answer says what the upstream said`, async (t) => {
      const proxy = await start(t, wire);
      const plain = await proxy.post(wire.path('m'), wire.request('m'));
      assert.equal(await plain.text(), whole);
      const streamed = await proxy.post(wire.path('m', true), wire.request('m', true));
      assert.equal(await streamed.text(), stream);
    });

    test(`RES-7: with \`response_model: requested\` a ${wire.name} answer says what the client said`, async (t) => {
      const proxy = await start(t, wire);
      for (const requested of ['q', 'q:cost', 'a"b']) {
        const asked = JSON.stringify(requested);
        const path = (streams: boolean) => wire.path(encodeURIComponent(requested), streams);
        const plain = await proxy.post(path(false), wire.request(requested));
        assert.equal(await plain.text(), whole.replaceAll(SLUG, asked));
        const streamed = await proxy.post(path(true), wire.request(requested, true));
        assert.equal(await streamed.text(), stream.replaceAll(SLUG, asked));
      }
    });
  }

  test('RES-7, X-32: a response that is cut is named as its stream was, by our own event too', async (t) => {
    const [, responses] = WIRES;
    assert.ok(responses);
    const upstream = await fakeUpstream(t, cutAnswer(responses));
    const { models, ...config } = oneModelConfig(upstream.url) as { models: { m: object } };
    const m = { ...models.m, response_model: 'requested' };
    const proxy = await startProxy(t, { ...config, models: { m } });
    const answer = await proxy.post(responses.path('m', true), responses.request('m', true));
    const text = await answer.text();
    assert.match(text, /"response.failed".*"model":"m"/);
    assert.ok(!text.includes(SLUG), text);
  });
});
