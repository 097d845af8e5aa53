import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSimulators } from '../../src/app/simulators.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';

function configOf(providers: string): Config {
  const { config, problems } = loadConfig(`providers: ${providers}`, {});
  assert.ok(config, JSON.stringify(problems));
  return config;
}

describe('createSimulators', () => {
  test('CFG-9: each MOCK provider has a simulator of its own, other types have none', async (t) => {
    const simulators = createSimulators();
    t.after(() => simulators.close());
    const urls = await simulators.urlsFor(
      configOf('{ a: { type: MOCK }, b: { type: MOCK }, c: { type: VLLM, base_url: "http://x" } }'),
    );
    assert.deepEqual([...urls.keys()], ['a', 'b']);
    assert.notEqual(urls.get('a'), urls.get('b'));
    assert.equal((await fetch(`${urls.get('a')}/v1/models`)).status, 200);
  });

  test('REL-2: a reload keeps the simulator of a provider that did not change', async (t) => {
    const simulators = createSimulators();
    t.after(() => simulators.close());
    const before = await simulators.urlsFor(configOf('{ a: { type: MOCK }, b: { type: MOCK } }'));
    const after = await simulators.urlsFor(
      configOf('{ a: { type: MOCK, timeout: 1s }, b: { type: MOCK, config: { reply: Hello. } } }'),
    );
    assert.equal(after.get('a'), before.get('a'));
    assert.notEqual(after.get('b'), before.get('b'));
    // A call that began before the reload may still be on its way to the old one.
    assert.equal((await fetch(`${before.get('b')}/v1/models`)).status, 200);
  });

  test('closing ends them all', async () => {
    const simulators = createSimulators();
    const urls = await simulators.urlsFor(configOf('{ a: { type: MOCK } }'));
    await simulators.close();
    await assert.rejects(fetch(`${urls.get('a')}/v1/models`));
  });
});
