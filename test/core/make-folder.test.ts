import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeFolder } from '../../src/core/make-folder.ts';

describe('makeFolder', () => {
  test('it makes what is missing and takes what is there', (t) => {
    const root = mkdtempSync(join(tmpdir(), 'signalbox-'));
    t.after(() => rmSync(root, { recursive: true }));
    const folder = join(root, 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  test('a file on the way is named, and not by the name of a system call', (t) => {
    const root = mkdtempSync(join(tmpdir(), 'signalbox-'));
    t.after(() => rmSync(root, { recursive: true }));
    const file = join(root, 'b.yaml');
    writeFileSync(file, '');
    for (const folder of [file, join(file, 'x'), join(file, 'x', 'y')]) {
      assert.throws(() => makeFolder(folder), {
        message: `${file} is a file, so nothing can be inside it`,
      });
    }
  });

  test('where a file system refuses for ever, it gives up', {
    skip: process.platform !== 'linux',
  }, () => {
    assert.throws(() => makeFolder('/proc/nope/x'), { code: 'ENOENT' });
  });
});
