import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { markAsUntransferable } from 'node:worker_threads';
import { allocateBytes, freeBytes, isWorthFreeing } from '../../src/core/free-bytes.ts';

const LONG = 64 * 1024;

const KEPT = 1024 * 1024;

describe('allocateBytes', () => {
  test('the memory of a long buffer serves the next one that is about as long', () => {
    const first = allocateBytes(KEPT - 100).fill('secret');
    const view = first.subarray(6, 12);
    freeBytes(first);
    assert.deepEqual([first.length, view.length, view.toString()], [0, 0, '']);
    const before = process.memoryUsage().arrayBuffers;
    const second = allocateBytes(KEPT - 50);
    assert.equal(process.memoryUsage().arrayBuffers, before);
    assert.equal(second.length, KEPT - 50);
    second.fill('x');
    assert.equal(view.toString(), '');
    freeBytes(second);
  });

  for (const length of [0, 1, LONG, 5 * KEPT]) {
    test(`a buffer of ${length} bytes is exactly as long as its memory`, () => {
      const bytes = allocateBytes(length);
      assert.deepEqual([bytes.length, bytes.buffer.byteLength], [length, length]);
    });
  }

  test("a part of a long buffer is nobody's to free", () => {
    const bytes = allocateBytes(KEPT - 100);
    for (const part of [bytes.subarray(1), Buffer.from(bytes.buffer, 1)]) {
      assert.equal(isWorthFreeing(part), false);
    }
    assert.equal(isWorthFreeing(bytes), true);
    freeBytes(bytes);
  });
});

describe('freeBytes', () => {
  test('the memory is free at once, and no view of it shows what comes there next', () => {
    const bytes = Buffer.allocUnsafeSlow(8 * 1024 * 1024).fill('secret');
    const view = bytes.subarray(6, 12);
    const held = process.memoryUsage().arrayBuffers;
    freeBytes(bytes);
    assert.ok(held - process.memoryUsage().arrayBuffers > 7 * 1024 * 1024);
    assert.deepEqual([bytes.length, view.length, view.toString()], [0, 0, '']);
    // Nothing is left to free.
    freeBytes(bytes);
  });

  test('a part of a larger memory stays, and so does a short one', () => {
    const whole = Buffer.allocUnsafeSlow(2 * LONG).fill('x');
    const short = Buffer.from('short');
    for (const bytes of [whole.subarray(0, LONG), whole.subarray(LONG), short]) {
      assert.equal(isWorthFreeing(bytes), false);
      freeBytes(bytes);
    }
    assert.equal(whole.toString(), 'x'.repeat(2 * LONG));
    assert.equal(short.toString(), 'short');
  });

  test('memory that Node keeps to itself stays', () => {
    const bytes = Buffer.allocUnsafeSlow(LONG).fill('x');
    markAsUntransferable(bytes.buffer);
    freeBytes(bytes);
    assert.equal(bytes.toString(), 'x'.repeat(LONG));
  });

  test('a process that has freed something can end', () => {
    const file = fileURLToPath(new URL('../../src/core/free-bytes.ts', import.meta.url));
    const text = `import { freeBytes } from ${JSON.stringify(file)};
      const bytes = Buffer.allocUnsafeSlow(${LONG});
      freeBytes(bytes);
      process.stdout.write(String(bytes.length));`;
    const words = ['--import', 'tsx', '--input-type=module', '--eval', text];
    assert.equal(execFileSync(process.execPath, words, { timeout: 60_000 }).toString(), '0');
  });
});
