import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';

const ANSWER = JSON.stringify({
  candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 0, totalTokenCount: 1000 },
});

/** The bundled list doubles this model's price at that moment. */
const SLUG = 'gemini-3.8-flash';
const CHANGE = Date.UTC(2027, 0, 1);

describe('a list price that changes', () => {
  for (const [kind, models] of [
    ['a model', { [SLUG]: { provider: 'google' } }],
    ['a wildcard model that is met for the first time', { 'gemini-*': { provider: 'google' } }],
  ] as const) {
    test(`MON-5: ${kind} costs what the list says at the time of the call`, async (t) => {
      const clock = createTestClock(CHANGE - 1_000);
      const upstream = await fakeUpstream(t, {
        headers: { 'content-type': 'application/json' },
        body: ANSWER,
      });
      const proxy = await startProxy(
        t,
        {
          providers: {
            google: { type: 'GOOGLE', base_url: upstream.url, keys: { main: 'sk-0001' } },
          },
          models,
        },
        { clock },
      );
      const cost = async () => {
        const path = `/v1beta/models/${SLUG}:generateContent`;
        const response = await proxy.post(path, { contents: [{ parts: [{ text: 'Hi' }] }] });
        assert.equal(response.status, 200, await response.text());
        const [line] = (await proxy.ledger()).slice(-1);
        return line?.['cost_nanos_usd'];
      };
      const route = async () => {
        const response = await fetch(`${proxy.url}/v1/route?model=${SLUG}&surface=gemini`);
        const { endpoints } = (await response.json()) as { endpoints: { cost_usd: string }[] };
        return endpoints[0]?.cost_usd;
      };
      assert.equal(await cost(), 750_000);
      const dear = await route();
      clock.advance(1_000);
      await eventually('the new price', async () => (await route()) !== dear);
      assert.equal(await cost(), 1_500_000);
    });
  }
});
