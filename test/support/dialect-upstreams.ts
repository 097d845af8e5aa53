import type { TestContext } from 'node:test';
import type { DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { recordRequests } from './record-requests.ts';
import { startProxy } from './start-proxy.ts';

/** The four chat formats. */
export const DIALECT_IDS = Object.keys(dialects) as DialectId[];

const PRICING = {
  input: { text_cost_per_1k_tokens: 0.001 },
  output: { text_cost_per_1k_tokens: 0.002 },
};

/**
 * A proxy in front of one simulator, with a provider for each dialect that speaks nothing else. The
 * model `<dialect>/<slug>` is that slug at the provider of the dialect.
 */
export async function startDialectUpstreams(t: TestContext) {
  const simulator = await startSimulator();
  const recorder = await recordRequests(simulator.url);
  t.after(async () => {
    recorder.close();
    await simulator.close();
  });
  const ofEach = <T>(make: (dialect: DialectId) => T, suffix = '') =>
    Object.fromEntries(DIALECT_IDS.map((dialect) => [dialect + suffix, make(dialect)]));
  const proxy = await startProxy(t, {
    providers: ofEach((dialect) => ({
      type: 'CUSTOM',
      base_url: recorder.url,
      keys: { default: 'sk-simulated' },
      config: { dialects: [dialect] },
    })),
    models: ofEach((provider) => ({ provider, slug: '*', pricing: PRICING }), '/*'),
  });
  return {
    proxy,
    /** What the providers were sent since the last call. */
    takeSent: () => recorder.take().map((body): JsonObject => JSON.parse(body)),
  };
}
