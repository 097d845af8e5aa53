import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createExplorationCounter, explore } from '../../src/routing/explore.ts';

const MIN_SAMPLES = 3;

const candidate = fc.record({ tier: fc.nat(1), deferred: fc.boolean(), samples: fc.nat(5) });

describe('explore (ROU-6)', () => {
  test('the first of the least measured comes first, and the others stay as they were', () => {
    const property = fc.property(fc.array(candidate, { maxLength: 6 }), (ranked) => {
      const [first, ...rest] = explore(ranked, MIN_SAMPLES);
      const [best] = ranked;
      const eligible = ranked.filter(({ tier, deferred }) => tier === best?.tier && !deferred);
      const fewest = Math.min(...eligible.map(({ samples }) => samples));
      const isWorth = best?.deferred === false && fewest < MIN_SAMPLES;
      const expected = isWorth ? eligible.find(({ samples }) => samples === fewest) : best;
      assert.equal(first, expected);
      assert.deepEqual(
        rest,
        ranked.filter((each) => each !== expected),
      );
    });
    fc.assert(property, { numRuns: 1000 });
  });

  test('an endpoint of a lower tier, or one left for last, is not explored', () => {
    const known = { tier: 0, deferred: false, samples: 9 };
    const others = [
      { tier: 1, deferred: false, samples: 0 },
      { tier: 0, deferred: true, samples: 0 },
    ];
    assert.deepEqual(explore([known, ...others], MIN_SAMPLES), [known, ...others]);
  });
});

describe('createExplorationCounter (ROU-6)', () => {
  test('every n-th request of a model has its turn, each model by itself', () => {
    const counter = createExplorationCounter();
    const turns = (model: string) =>
      Array.from({ length: 10 }, () => {
        const isTurn = counter.isTurn(model, 5);
        counter.count(model);
        return isTurn;
      });
    const expected = [5, 10].map((n) => n - 1);
    for (const model of ['a', 'b']) {
      assert.deepEqual(
        turns(model).flatMap((isTurn, index) => (isTurn ? index : [])),
        expected,
      );
    }
  });

  test('asking leaves no trace', () => {
    const counter = createExplorationCounter();
    for (let asked = 0; asked < 20; asked += 1) assert.equal(counter.isTurn('a', 5), false);
  });

  test('0 is never, 1 is always', () => {
    const counter = createExplorationCounter();
    for (let count = 0; count < 5; count += 1) {
      assert.equal(counter.isTurn('a', 0), false);
      assert.equal(counter.isTurn('a', 1), true);
      counter.count('a');
    }
  });

  test('names that clients invent do not fill the memory: the one longest unused is forgotten', () => {
    const counter = createExplorationCounter(2);
    for (const model of ['a', 'b', 'a', 'c']) counter.count(model);
    assert.equal(counter.isTurn('a', 3), true);
    assert.equal(counter.isTurn('b', 2), false);
  });
});
