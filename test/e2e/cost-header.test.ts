import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, streamedAnswer, WIRES } from '../support/wires.ts';

describe('what an answer tells beside its body', () => {
  for (const wire of WIRES) {
    test(`MON-7, ROU-11: a plain ${wire.name} answer carries its cost, and who answered`, async (t) => {
      const upstream = await fakeUpstream(t, plainAnswer(wire));
      const { providers, models } = oneModelConfig(upstream.url) as {
        providers: object;
        models: object;
      };
      const unpriced = { provider: 'up', pricing: 'none' };
      const free = {
        provider: 'up',
        pricing: { input: { text_cost_per_1k_tokens: 0 }, output: { text_cost_per_1k_tokens: 0 } },
      };
      const proxy = await startProxy(t, { providers, models: { ...models, unpriced, free } });
      const ask = async (model: string) =>
        (await proxy.post(wire.path(model), wire.request(model))).headers;
      const headers = await ask('m:cost');
      assert.equal(headers.get('x-signalbox-cost-usd'), '0.00002');
      assert.equal(headers.get('x-signalbox-model'), 'm');
      assert.equal(headers.get('x-signalbox-provider'), 'up');
      assert.equal(headers.get('x-signalbox-profile'), 'cost');
      assert.equal(headers.get('x-signalbox-attempts'), '1');
      assert.equal((await ask('unpriced')).get('x-signalbox-cost-usd'), null);
      assert.equal((await ask('free')).get('x-signalbox-cost-usd'), '0');
    });

    test(`MON-7: the cost of a ${wire.name} stream is on the ledger under its x-request-id`, async (t) => {
      const upstream = await fakeUpstream(t, streamedAnswer(wire));
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const response = await proxy.post(wire.path('m', true), wire.request('m', true));
      await response.text();
      assert.equal(response.headers.get('x-signalbox-cost-usd'), null);
      assert.equal(response.headers.get('x-signalbox-model'), 'm');
      const [line] = await proxy.ledger();
      assert.equal(line?.['request_id'], response.headers.get('x-request-id'));
      assert.equal(line?.['cost_nanos_usd'], 20_000);
    });
  }
});
