import assert from 'node:assert/strict';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { repairTail } from '../../src/usage/repair-tail.ts';

function repair(t: TestContext, content: string) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-tail-'));
  const file = join(folder, 'usage.jsonl');
  writeFileSync(file, content);
  const descriptor = openSync(file, 'a+');
  t.after(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  const moved = repairTail(descriptor, file);
  const torn = existsSync(`${file}.torn`) ? readFileSync(`${file}.torn`, 'utf8') : null;
  return { moved, kept: readFileSync(file, 'utf8'), torn };
}

describe('repairTail', () => {
  test('LED-3 leaves a whole file and an empty one alone', (t) => {
    assert.deepEqual(repair(t, '{"a":1}\n'), { moved: 0, kept: '{"a":1}\n', torn: null });
    assert.deepEqual(repair(t, ''), { moved: 0, kept: '', torn: null });
  });

  test('LED-3 gives a whole last line its newline', (t) => {
    const whole = '{"a":1}\n{"b":2}\n';
    assert.deepEqual(repair(t, '{"a":1}\n{"b":2}'), { moved: 0, kept: whole, torn: null });
  });

  test('LED-3 moves a torn last line aside', (t) => {
    const expected = { moved: 5, kept: '{"a":1}\n', torn: '{"b":\n' };
    assert.deepEqual(repair(t, '{"a":1}\n{"b":'), expected);
  });

  test('LED-3 a number or the zeros of a power cut are no line', (t) => {
    assert.deepEqual(repair(t, '{"a":1}\n12'), { moved: 2, kept: '{"a":1}\n', torn: '12\n' });
    assert.equal(repair(t, '{"a":1}\n\0\0\0').kept, '{"a":1}\n');
  });

  test('LED-3 finds the last newline however far it is', (t) => {
    const long = `{"text":"${'ü'.repeat(100_000)}`;
    const { moved, kept, torn } = repair(t, `{"a":1}\n${long}`);
    assert.equal(moved, Buffer.byteLength(long));
    assert.equal(kept, '{"a":1}\n');
    assert.equal(torn, `${long}\n`);
    assert.equal(repair(t, long).kept, '', 'not even a first line is whole');
  });
});
