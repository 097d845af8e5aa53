import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readWhole } from '../../src/config/read-whole.ts';

describe('readWhole (REL-1)', () => {
  test('a file that is rewritten all the time is read whole, old or new, never in part', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = join(folder, 'config.yaml');
    // Lengths differ, so that a read that trusts the old one would end too early.
    const texts = [1, 2, 3].map((version) => `${'x'.repeat(version * 100_000)} end ${version}\n`);
    await writeFile(file, texts[0] ?? '');
    let isOver = false;
    const writer = (async () => {
      for (let version = 0; !isOver; version += 1) {
        await writeFile(file, texts[version % texts.length] ?? '');
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    })();
    for (let read = 0; read < 300; read += 1) {
      const text = await readWhole(file);
      assert.ok(text === '' || texts.includes(text), `${text.length} bytes: ${text.slice(-20)}`);
    }
    isOver = true;
    await writer;
  });

  test('a write that has come to its half is waited for', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = await open(join(folder, 'config.yaml'), 'w');
    t.after(() => file.close());
    await file.write('the first half, ');
    const reading = readWhole(join(folder, 'config.yaml'));
    await new Promise((resolve) => setTimeout(resolve, 3));
    await file.write('and the second');
    assert.equal(await reading, 'the first half, and the second');
  });

  test('what is no file, such as a pipe, is read as it comes', async () => {
    const nothing = await open('/dev/null').catch(() => null);
    await nothing?.close();
    if (nothing) assert.equal(await readWhole('/dev/null'), '');
  });
});
