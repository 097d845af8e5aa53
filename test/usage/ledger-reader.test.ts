import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { archiveName, parseArchiveName } from '../../src/usage/ledger-files.ts';
import { type LedgerQuestion, readLedger } from '../../src/usage/ledger-reader.ts';

async function ledgerOf(t: TestContext, files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const file = join(folder, 'usage.jsonl');
  return {
    file,
    async read(question: Partial<LedgerQuestion> = {}) {
      const ids: (string | undefined)[] = [];
      const { lines, damaged } = await readLedger(
        { file, fields: ['id'], ...question },
        (entry) => {
          ids.push(entry.text(0));
        },
      );
      return { ids: ids.join(''), lines, damaged };
    },
  };
}

const line = (id: string, rest = '') => `{"id":"${id}","rest":"${rest}"}\n`;

describe('readLedger', () => {
  test('LED-4: reads the files put aside first, by day and number, and nothing that is not of the ledger', async (t) => {
    const { read } = await ledgerOf(t, {
      'usage.2026-11-28.0002.jsonl': line('d'),
      'usage.2026-11-28.0001.jsonl': line('c'),
      'usage.2026-01-02.0010.jsonl': line('b'),
      'usage.2026-01-02.0009.jsonl': line('a'),
      'usage.jsonl': line('e'),
      'usage.jsonl.torn': line('x'),
      'other.2026-01-02.0001.jsonl': line('y'),
      'usage.backup.jsonl': line('z'),
    });
    assert.deepEqual(await read(), { ids: 'abcde', lines: 5, damaged: 0 });
  });

  test('lines of any length, damaged lines and an unfinished last one', async (t) => {
    const long = 'x'.repeat(2_500_000);
    const { file, read } = await ledgerOf(t, {
      'usage.jsonl': `${line('a')}{"id":"torn"\n\n${line('b', long)}${line('c')}{"id":"unfinished`,
    });
    assert.deepEqual(await read(), { ids: 'abc', lines: 4, damaged: 1 });
    await appendFile(file, '"}\n');
    assert.equal((await read()).ids, 'abcunfinished');
  });

  test('there is nothing to read where there is no ledger', async (t) => {
    const { read } = await ledgerOf(t, {});
    assert.deepEqual(await read(), { ids: '', lines: 0, damaged: 0 });
  });

  test('files that were last written before the time asked for are skipped whole', async (t) => {
    const { file, read } = await ledgerOf(t, { 'usage.jsonl': line('b') });
    const old = archiveName(file, '2026-01-01', 1);
    await writeFile(old, line('a'));
    const written = Date.UTC(2026, 0, 1);
    await utimes(old, written / 1000, written / 1000);
    assert.equal((await read({ sinceMs: written })).ids, 'ab');
    assert.equal((await read({ sinceMs: written + 2 * 3_600_000 })).ids, 'b');
  });

  test('LED-4: a rotation while it reads loses and doubles nothing', async (t) => {
    const { file, read } = await ledgerOf(t, { 'usage.jsonl': line('b') });
    await writeFile(archiveName(file, '2026-01-01', 1), line('a'));
    let moved: Promise<void> | null = null;
    const { ids } = await read({
      onProgress() {
        moved ??= rename(file, archiveName(file, '2026-01-02', 1));
      },
    });
    await moved;
    assert.equal(ids, 'ab');
  });
});

test('an archive is named by its day and number', () => {
  const name = archiveName('/logs/usage.jsonl', '2026-11-28', 7);
  assert.equal(name, join('/logs', 'usage.2026-11-28.0007.jsonl'));
  assert.deepEqual(parseArchiveName('/logs/usage.jsonl', 'usage.2026-11-28.0007.jsonl'), {
    day: '2026-11-28',
    number: 7,
  });
  assert.equal(parseArchiveName('/logs/usage.jsonl', 'usage.jsonl'), null);
});
