import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createProgress } from '../../src/cli/progress.ts';
import { createTestClock } from '../support/test-clock.ts';

const MEGABYTE = 1_000_000;
const ERASE = '\u001b[K';

/** A bar, and everything that was written to the screen. */
function createBar(isTTY: boolean) {
  const clock = createTestClock();
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  return { clock, written, progress: createProgress({ isTTY, write }, clock) };
}

describe('createProgress', () => {
  test('work of less than a second shows nothing', () => {
    const { clock, written, progress } = createBar(true);
    for (let step = 0; step < 9; step += 1) {
      progress.show(step, 9);
      clock.advance(100);
    }
    progress.clear();
    assert.deepEqual(written, []);
  });

  test('longer work shows how far it is, ten times a second at most, and leaves an empty line', () => {
    const { clock, written, progress } = createBar(true);
    clock.advance(1_000);
    progress.show(30 * MEGABYTE, 120 * MEGABYTE);
    clock.advance(99);
    progress.show(31 * MEGABYTE, 120 * MEGABYTE);
    clock.advance(1);
    progress.show(120 * MEGABYTE, 120 * MEGABYTE);
    progress.clear();
    progress.clear();
    assert.deepEqual(written, [
      `\r${'█'.repeat(8)}${'░'.repeat(22)} 25 %  30 of 120 MB${ERASE}`,
      `\r${'█'.repeat(30)} 100 %  120 of 120 MB${ERASE}`,
      `\r${ERASE}`,
    ]);
  });

  test('a ledger that grows while it is read, or holds nothing, is never more than all of it', () => {
    const { clock, written, progress } = createBar(true);
    clock.advance(1_000);
    progress.show(130 * MEGABYTE, 120 * MEGABYTE);
    clock.advance(100);
    progress.show(0, 0);
    assert.deepEqual(
      written.map((line) => / (\d+ %)/.exec(line)?.[1]),
      ['100 %', '100 %'],
    );
  });

  test('what is no terminal gets no bar', () => {
    const { clock, written, progress } = createBar(false);
    clock.advance(5_000);
    progress.show(1, 2);
    progress.clear();
    assert.deepEqual(written, []);
  });
});
