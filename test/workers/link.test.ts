import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLink, type Operations } from '../../src/workers/link.ts';
import type { Message, Wire } from '../../src/workers/outbox.ts';

type Peer = {
  add(pair: readonly [number, number]): number;
  note(word: string): void;
  line(text: string): void;
};

/** Two ends of one connection, and how many messages have passed to the second. */
function connect(operations: Operations, endTurn?: () => Promise<void>) {
  const ears: ((message: Message) => void)[] = [];
  let messages = 0;
  const wire = (own: number, other: number): Wire => ({
    send(message) {
      if (own === 0) messages += 1;
      ears[other]?.(JSON.parse(JSON.stringify(message)));
    },
    receive(onMessage) {
      ears[own] = onMessage;
    },
  });
  const near = createLink<Peer>(wire(0, 1), { operations: {} });
  createLink(wire(1, 0), { operations, ...(endTurn ? { endTurn } : {}) });
  return { near, messages: () => messages };
}

const turnOver = () => new Promise((resolve) => setImmediate(resolve));

describe('createLink', () => {
  test('what is said in one turn is one message, in its order', async () => {
    const heard: unknown[] = [];
    const { near, messages } = connect({
      note: (word: string) => heard.push(word),
      line: (text: string) => heard.push(text),
      add: ([a, b]: readonly [number, number]) => heard.push(a + b) && a + b,
    });
    near.tell('note', 'first');
    near.tellText('line', '{"a":1}');
    const sum = near.ask('add', [1, 2]);
    near.tellText('line', '{"b":2}');
    near.tell('note', 'last');
    assert.equal(await sum, 3);
    assert.deepEqual(heard, ['first', '{"a":1}', 3, '{"b":2}', 'last']);
    assert.equal(messages(), 1);
  });

  test('what is mentioned waits for company, though not long', async () => {
    const heard: unknown[] = [];
    let hear = () => {};
    const { near, messages } = connect({
      note(word: string) {
        heard.push(word);
        hear();
      },
    });
    near.mention('note', 'by the way');
    await turnOver();
    await turnOver();
    assert.equal(messages(), 0);
    near.tell('note', 'now');
    await turnOver();
    assert.deepEqual(heard, ['by the way', 'now']);
    assert.equal(messages(), 1);
    const alone = new Promise<void>((resolve) => {
      hear = resolve;
    });
    // The timer of a mention keeps no process alive.
    const alive = setInterval(() => {}, 1000);
    near.mention('note', 'alone');
    await alone;
    clearInterval(alive);
    assert.deepEqual(heard, ['by the way', 'now', 'alone']);
  });

  test('a turn is handled when what takes time is done', async () => {
    const steps: string[] = [];
    let finish = () => {};
    const work = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { near } = connect({ note: () => steps.push('told') }, async () => {
      await work;
      steps.push('done');
    });
    near.tell('note', 'x');
    const handled = Promise.all([near.handled(), near.handled()]);
    setImmediate(() => setImmediate(finish));
    await handled;
    assert.deepEqual(steps, ['told', 'done']);
  });

  test('a failure is told to who asked, and a closed link keeps nobody waiting', async () => {
    const { near } = connect({ add: () => Promise.reject(new Error('no sum')) });
    await assert.rejects(near.ask('add', [1, 2]), /no sum/);
    const waiting = near.ask('add', [1, 2]);
    near.close();
    await assert.rejects(waiting, /gone/);
    await assert.rejects(near.ask('add', [1, 2]), /gone/);
    await assert.rejects(near.handled(), /gone/);
  });
});
