import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { createRoster } from '../../src/core/roster.ts';

describe('createRoster', () => {
  test('holds what was added and not removed, whatever came and went', () => {
    const changes = fc.array(fc.oneof(fc.constant('add'), fc.nat(50)), { maxLength: 200 });
    fc.assert(
      fc.property(changes, (list) => {
        const roster = createRoster<number>();
        const open: [place: number, item: number][] = [];
        list.forEach((change, item) => {
          if (change === 'add') open.push([roster.add(item), item]);
          else for (const [place] of open.splice(Number(change), 1)) roster.remove(place);
        });
        assert.equal(roster.size(), open.length);
        const held = open.map(([, item]) => item).sort((a, b) => a - b);
        assert.deepEqual(
          roster.items().sort((a, b) => a - b),
          held,
        );
      }),
    );
  });

  test('lets what was removed be collected with the young, after long use', () => {
    setFlagsFromString('--expose-gc');
    const collect: (options: { type: 'minor' }) => void = runInNewContext('gc');
    const roster = createRoster<number[]>();
    const inUse = () => {
      collect({ type: 'minor' });
      collect({ type: 'minor' });
      return process.memoryUsage().heapUsed;
    };
    const pass = (items: number) => {
      for (let count = 0; count < items; count += 1) {
        const places = Array.from({ length: 16 }, () => roster.add(new Array(500).fill(0.5)));
        if (count % 4 === 0) collect({ type: 'minor' });
        for (const place of places) roster.remove(place);
      }
      return inUse();
    };
    const before = pass(200);
    const grown = pass(400) - before;
    assert.ok(grown < 4 * 1024 * 1024, `${grown} bytes are still held`);
  });
});
