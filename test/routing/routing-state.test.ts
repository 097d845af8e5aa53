import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEndpointId } from '../../src/routing/endpoint-id.ts';
import { createRoutingState } from '../../src/routing/routing-state.ts';

const create = () =>
  createRoutingState({
    windowMs: 1000,
    circuit: { failures: 1, open: 10, max_open: 10 },
    random: () => 0,
  });

describe('createRoutingState', () => {
  test('ROU-6: speed is known by provider and slug, whatever the key', () => {
    const state = create();
    const id = { provider: 'p', slug: 's', key: 'a' };
    const statsOf = (change: Partial<typeof id>) =>
      state.stats(createEndpointId({ ...id, ...change }));
    assert.equal(statsOf({}), statsOf({ key: 'b' }));
    assert.notEqual(statsOf({}), statsOf({ slug: 't' }));
    assert.notEqual(statsOf({}), statsOf({ provider: 'q' }));
  });

  test('FAI-4: a circuit belongs to one key: a refused one says nothing of another', () => {
    const state = create();
    const circuitOf = (key: string | null) =>
      state.circuit(createEndpointId({ provider: 'p', slug: 's', key }));
    circuitOf('a').begin(0).fail(0, true);
    assert.equal(circuitOf('a').state(0), 'open');
    for (const key of ['b', null]) assert.equal(circuitOf(key).state(0), 'closed');
  });

  test('names do not run into each other', () => {
    const state = create();
    const a = state.stats(createEndpointId({ provider: 'a', slug: 'b/c', key: null }));
    const b = state.stats(createEndpointId({ provider: 'a/b', slug: 'c', key: null }));
    assert.notEqual(a, b);
  });

  test('slugs that clients invent do not fill the memory: those longest unused are forgotten', () => {
    const state = create();
    const idOf = (slug: string) => createEndpointId({ provider: 'p', slug, key: null });
    const [used, unused] = [idOf('used'), idOf('unused')];
    for (const id of [used, unused]) state.circuit(id).begin(0).fail(0, true);
    for (let index = 0; index < 20_000; index += 1) {
      state.circuit(idOf(`s${index}`));
      state.circuit(used);
    }
    assert.equal(state.circuit(used).state(0), 'open');
    assert.equal(state.circuit(unused).state(0), 'closed');
  });
});
