import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { startProxy } from '../support/start-proxy.ts';

const price = (usd: number) => ({
  input: { text_cost_per_1k_tokens: usd },
  output: { text_cost_per_1k_tokens: usd },
});

/** Endpoints of MOCK providers, by the provider's name. */
type Endpoints = Record<string, Record<string, unknown>>;

async function sentences(
  t: TestContext,
  suffix: string,
  { endpoints, providers = {} }: { endpoints: Endpoints; providers?: Endpoints },
): Promise<string[]> {
  const names = Object.keys(endpoints);
  const proxy = await startProxy(t, {
    providers: Object.fromEntries(
      names.map((name) => [name, { type: 'MOCK', ...providers[name] }]),
    ),
    models: {
      m: {
        endpoints: names.map((name) => ({ provider: name, pricing: 'none', ...endpoints[name] })),
      },
    },
    routing: { explore_every: 0 },
  });
  const response = await fetch(`${proxy.url}/v1/route?model=m${suffix}`);
  const { endpoints: told } = (await response.json()) as { endpoints: Endpoint[] };
  return told.map(({ provider, reason }) => `${provider}: ${reason}`);
}

interface Endpoint {
  provider: string;
  reason: string;
}

const slow = { ttft_ms: 900, tokens_per_second: 20 };
const swift = { ttft_ms: 100, tokens_per_second: 90.5 };

describe('why an endpoint stands where it stands', () => {
  test('CLI-4: one endpoint is the only one', async (t) => {
    assert.deepEqual(await sentences(t, '', { endpoints: { a: {} } }), ['a: The only endpoint.']);
  });

  test('CLI-4: by cost', async (t) => {
    const endpoints = {
      a: {},
      b: { pricing: price(0.02) },
      c: { pricing: price(0.01) },
      d: { pricing: price(0.02), hints: swift },
    };
    assert.deepEqual(await sentences(t, ':cost', { endpoints }), [
      'c: First: the cheapest, $0.015 for this request.',
      'd: Next: dearer, $0.03 for this request.',
      'b: Next: its first token has not been measured.',
      'a: Next: unpriced.',
    ]);
  });

  test('CLI-4: by latency and by throughput', async (t) => {
    const endpoints = { a: {}, b: { hints: slow }, c: { hints: swift }, d: { pricing: price(1) } };
    assert.deepEqual(await sentences(t, ':latency', { endpoints }), [
      'c: First: the quickest to the first token, 100 ms.',
      'b: Next: slower to the first token, 900 ms.',
      'd: Next: its first token has not been measured.',
      'a: Next: unpriced.',
    ]);
    assert.deepEqual(await sentences(t, ':throughput', { endpoints }), [
      'c: First: the fastest, 90.5 tokens/s.',
      'b: Next: slower, 20 tokens/s.',
      'd: Next: its speed has not been measured.',
      'a: Next: unpriced.',
    ]);
  });

  test('CLI-4: by the balanced score, with as many digits as tell two apart', async (t) => {
    const endpoints = {
      a: { pricing: price(1) },
      b: { pricing: price(0.9999) },
      c: { pricing: price(1) },
    };
    assert.deepEqual(await sentences(t, '', { endpoints }), [
      'b: First: the best balanced score, 1.000.',
      'a: Next: a balanced score of 0.9999 after 1.0000.',
      'c: Next: no better, and declared later.',
    ]);
  });

  test('CLI-4: nobody is known on the axis', async (t) => {
    const endpoints = { a: {}, b: {} };
    assert.deepEqual(await sentences(t, ':cost', { endpoints }), [
      'a: First: nobody is priced, declared first.',
      'b: Next: no better, and declared later.',
    ]);
    assert.deepEqual(await sentences(t, ':cost', { endpoints: { a: {}, b: { hints: swift } } }), [
      'b: First: nobody is priced, the quickest to the first token, 100 ms.',
      'a: Next: its first token has not been measured.',
    ]);
    assert.deepEqual(await sentences(t, ':latency', { endpoints }), [
      'a: First: nobody is measured, the best balanced score, 1.000.',
      'b: Next: no better, and declared later.',
    ]);
  });

  test('CLI-4, ROU-7: own keys come first', async (t) => {
    const endpoints = { a: { pricing: price(1) }, b: {}, c: { pricing: price(2) } };
    const own = { byok: true };
    assert.deepEqual(await sentences(t, ':cost', { endpoints, providers: { b: own } }), [
      'b: First: the only one with your own key (byok).',
      'a: Next: behind the providers with your own keys (byok).',
      'c: Next: dearer, $3 for this request.',
    ]);
    assert.deepEqual(await sentences(t, ':cost', { endpoints, providers: { b: own, c: own } }), [
      'c: First by your own key (byok): the cheapest, $3 for this request.',
      'b: Next: unpriced.',
      'a: Next: behind the providers with your own keys (byok).',
    ]);
  });

  test('CLI-4, ROU-1: what is never tried says why', async (t) => {
    const endpoints = { a: {}, b: {} };
    const told = await sentences(t, '', { endpoints, providers: { b: { enabled: false } } });
    assert.deepEqual(told, ['a: The only endpoint.', 'b: Never tried: provider b is disabled.']);
  });
});
