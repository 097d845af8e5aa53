import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
    assert.equal(state.stats(id), state.stats({ ...id, key: 'b' }));
    assert.notEqual(state.stats(id), state.stats({ ...id, slug: 't' }));
    assert.notEqual(state.stats(id), state.stats({ ...id, provider: 'q' }));
  });

  test('FAI-4: a circuit belongs to one key: a refused one says nothing of another', () => {
    const state = create();
    const id = { provider: 'p', slug: 's', key: 'a' };
    state.circuit(id).begin(0).fail(0, true);
    assert.equal(state.circuit(id).state(0), 'open');
    for (const key of ['b', null]) assert.equal(state.circuit({ ...id, key }).state(0), 'closed');
  });

  test('names do not run into each other', () => {
    const state = create();
    const a = state.stats({ provider: 'a', slug: 'b/c', key: null });
    assert.notEqual(a, state.stats({ provider: 'a/b', slug: 'c', key: null }));
  });

  test('slugs that clients invent do not fill the memory: those longest unused are forgotten', () => {
    const state = create();
    const used = { provider: 'p', slug: 'used', key: null };
    const unused = { provider: 'p', slug: 'unused', key: null };
    for (const id of [used, unused]) state.circuit(id).begin(0).fail(0, true);
    for (let index = 0; index < 10_000; index += 1) {
      state.circuit({ provider: 'p', slug: `s${index}`, key: null });
      state.circuit(used);
    }
    assert.equal(state.circuit(used).state(0), 'open');
    assert.equal(state.circuit(unused).state(0), 'closed');
  });
});
