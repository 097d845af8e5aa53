import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { followLedger } from '../../src/usage/follow-ledger.ts';
import { archiveName } from '../../src/usage/ledger-files.ts';

const line = (id: string) => `{"id":"${id}"}\n`;

/** Follows a ledger in a folder of its own; `seen` resolves when so many lines came. */
async function follow(t: TestContext, before: string | null) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  const file = join(folder, 'usage.jsonl');
  if (before !== null) await writeFile(file, before);
  const ids: (string | undefined)[] = [];
  const events = new EventEmitter();
  const end = new AbortController();
  let over = Promise.resolve();
  await new Promise<void>((onReady) => {
    over = followLedger({ file, fields: ['id'], signal: end.signal, onReady }, (entry) => {
      ids.push(entry.text(0));
      events.emit('line');
    });
  });
  t.after(async () => {
    end.abort();
    await over;
    await rm(folder, { recursive: true });
  });
  const seen = async (all: string) => {
    while (ids.length < all.length) await once(events, 'line');
    assert.equal(ids.join(''), all);
  };
  return { file, seen };
}

describe('followLedger', { concurrency: true }, () => {
  test('CLI-5: shows what is written from then on, each line when it is whole', async (t) => {
    const { file, seen } = await follow(t, line('x'));
    await appendFile(file, `${line('a')}${line('b')}{"id":`);
    await seen('ab');
    await appendFile(file, `"c"}\n`);
    await seen('abc');
  });

  test('CLI-5: misses nothing when files are put aside, several at once too', async (t) => {
    const { file, seen } = await follow(t, '');
    await appendFile(file, line('a'));
    await rename(file, archiveName(file, '2026-11-28', 1));
    await writeFile(file, line('b'));
    await rename(file, archiveName(file, '2026-11-28', 2));
    await writeFile(file, line('c'));
    await seen('abc');
    await appendFile(file, line('d'));
    await seen('abcd');
  });

  test('waits for a ledger that does not exist yet', async (t) => {
    const { file, seen } = await follow(t, null);
    await writeFile(file, line('a'));
    await seen('a');
  });

  test('a line longer than what is read at once', async (t) => {
    const { file, seen } = await follow(t, '');
    await appendFile(file, `{"id":"a","rest":"${'x'.repeat(600_000)}"}\n${line('b')}`);
    await seen('ab');
  });
});
