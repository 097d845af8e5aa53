import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { atEndOfTurn } from '../../src/core/end-of-turn.ts';

describe('atEndOfTurn', () => {
  test('what is put off is done in its order, before the next turn', async () => {
    const done: string[] = [];
    atEndOfTurn(() => done.push('first'));
    process.nextTick(() => atEndOfTurn(() => done.push('second')));
    assert.deepEqual(done, []);
    await turn();
    assert.deepEqual(done, ['first', 'second']);
  });

  test('what is put off at the end of a turn is done at the end of the next one', async () => {
    const done: string[] = [];
    atEndOfTurn(() => {
      done.push('first');
      atEndOfTurn(() => done.push('second'));
    });
    await turn();
    assert.deepEqual(done, ['first']);
    await turn();
    assert.deepEqual(done, ['first', 'second']);
  });
});
