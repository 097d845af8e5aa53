import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSpareMemory, isWorthKeeping } from '../../src/core/spare-memory.ts';

const MB = 1024 * 1024;

/** As long as it says, for whoever asks no more of it: real ones would be garbage of other tests. */
const memoryOf = (byteLength: number) => ({ byteLength }) as ArrayBuffer;

describe('createSpareMemory', () => {
  test('the memory that was in use last is taken first, each once', () => {
    const spare = createSpareMemory();
    const [first, second] = [memoryOf(MB), memoryOf(MB)];
    assert.deepEqual([spare.keep(first), spare.keep(second)], [[], []]);
    assert.equal(spare.take(MB), second);
    assert.equal(spare.take(MB), first);
    assert.equal(spare.take(MB), null);
  });

  test('none is taken that is too short, or twice as long as is needed', () => {
    const spare = createSpareMemory();
    const memory = memoryOf(2 * MB);
    spare.keep(memory);
    for (const needed of [MB - 1, 2 * MB + 1]) assert.equal(spare.take(needed), null);
    assert.equal(spare.take(MB), memory);
  });

  test('no more than 16 MB lie unused: the oldest goes', () => {
    const spare = createSpareMemory();
    const memories = Array.from({ length: 5 }, () => memoryOf(4 * MB));
    const surplus = memories.map((memory) => spare.keep(memory));
    assert.deepEqual(surplus, [[], [], [], [], [memories[0]]]);
    assert.deepEqual(
      memories.map(() => spare.take(4 * MB)),
      [...memories.slice(1).reverse(), null],
    );
  });

  test('a memory that was lost on its way is not kept', () => {
    const spare = createSpareMemory();
    assert.deepEqual(spare.keep(undefined), []);
    assert.equal(spare.take(MB), null);
  });

  test('memories from half a megabyte to four are worth it', () => {
    const lengths = [MB / 2 - 1, MB / 2, 4 * MB, 4 * MB + 1];
    assert.deepEqual(lengths.map(isWorthKeeping), [false, true, true, false]);
  });
});
