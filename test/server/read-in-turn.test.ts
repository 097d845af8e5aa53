import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readInTurn } from '../../src/server/read-in-turn.ts';
import type { Visit } from '../../src/server/visit.ts';

/** A visitor who is there, or has gone. */
const visitor = (destroyed: boolean) => ({ response: { destroyed } }) as Pick<Visit, 'response'>;

describe('readInTurn', () => {
  test('SEC-6: reads one after the other, whether or not one before has failed', async () => {
    let running = 0;
    const read = (name: string) => async () => {
      running += 1;
      assert.equal(running, 1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (name === 'b') throw new Error('unreadable');
      return name;
    };
    const readings = ['a', 'b', 'c'].map((name) => readInTurn(visitor(false), read(name)));
    const results = await Promise.allSettled(readings);
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed')),
      ['a', 'failed', 'c'],
    );
  });

  test('SEC-6: reads nothing for who has gone before it is their turn', async () => {
    const read = async () => assert.fail('nobody is there');
    await assert.rejects(readInTurn(visitor(true), read), { code: 'client_closed' });
    assert.equal(await readInTurn(visitor(false), async () => 'read'), 'read');
  });
});
