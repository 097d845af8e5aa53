import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { archiveName } from '../../src/usage/ledger-files.ts';
import { createLedgerHistory } from '../../src/usage/ledger-history.ts';
import { readLastLines } from '../../src/usage/read-last-lines.ts';

describe('createLedgerHistory', () => {
  test('holds the newest lines, newest first, however many came', () => {
    const lines = fc.array(fc.string());
    fc.assert(
      fc.property(fc.nat(5), lines, lines, (size, before, after) => {
        const history = createLedgerHistory(size, before);
        for (const line of after) history.add(line);
        const all = [...before, ...after].reverse();
        assert.deepEqual([...history.newest()], all.slice(0, size));
      }),
    );
  });
});

describe('readLastLines', () => {
  test('LED-5: reads back over the files put aside, and takes no half line', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'usage.jsonl');
    assert.deepEqual(readLastLines(file, 5), []);
    const long = `{"long":"${'x'.repeat(600_000)}"}`;
    writeFileSync(archiveName(file, '2026-01-01', 1), `{"n":1}\n{"n":2}\n`);
    writeFileSync(archiveName(file, '2026-01-01', 2), `${long}\n`);
    writeFileSync(file, `torn"}\n{"n":4}\n{"n":5}\n{"n":`);
    assert.deepEqual(readLastLines(file, 2), ['{"n":4}', '{"n":5}']);
    assert.deepEqual(readLastLines(file, 4), ['{"n":2}', long, '{"n":4}', '{"n":5}']);
    assert.equal(readLastLines(file, 100).length, 5);
  });
});
