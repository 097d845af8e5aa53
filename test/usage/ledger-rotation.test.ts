import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { type Durability, openLedger } from '../../src/usage/ledger.ts';
import { readLedger } from '../../src/usage/ledger-reader.ts';
import type { RotationRules } from '../../src/usage/ledger-rotation.ts';
import { sourceCommand } from '../support/source-command.ts';

const [node, ...appender] = sourceCommand('test/usage/append-lines.ts');
const NOON = Date.UTC(2026, 10, 28, 12);
const DAY_MS = 86_400_000;

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-rotation-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function start(t: TestContext, rules: Partial<RotationRules>, durability: Durability = 'os') {
  const folder = newFolder(t);
  const file = join(folder, 'usage.jsonl');
  const time = { ms: NOON };
  const open = () =>
    openLedger({
      file,
      durability,
      rotation: { maxBytes: 1_000_000, every: 'never', keep: 100, ...rules },
      logger: silentLogger,
      clock: { now: () => time.ms, monotonicMs: () => time.ms - NOON },
    });
  return { file, folder, time, open, names: () => readdirSync(folder).sort() };
}

/** The numbers of all lines, in the order read. */
async function numbersIn(file: string): Promise<number[]> {
  const numbers: number[] = [];
  const { damaged } = await readLedger({ file, fields: ['n'] }, (entry) => {
    numbers.push(entry.number(0) ?? Number.NaN);
  });
  assert.equal(damaged, 0);
  return numbers;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const lineOf = (n: number) => `{"n":${n},"text":"${'x'.repeat(50)}"}`;

describe('rotation', () => {
  for (const durability of ['os', 'disk', 'relaxed'] as const) {
    test(`LED-4 ${durability}: a file is put aside before it grows too large, and no line is lost`, async (t) => {
      const { file, folder, names, open } = start(t, { maxBytes: 1_000 }, durability);
      const ledger = open();
      for (const n of upTo(100)) await ledger.append(lineOf(n));
      await ledger.close();
      assert.deepEqual(await numbersIn(file), upTo(100));
      const sizes = names().map((name) => readFileSync(join(folder, name)).length);
      // What comes in one batch stays in one file.
      if (durability === 'relaxed') return;
      assert.ok(sizes.length > 6 && sizes.every((size) => size <= 1_000), String(sizes));
    });
  }

  test('LED-4: a new day begins a new file, also at a start', async (t) => {
    const { names, open, time } = start(t, { every: 'day' });
    const ledger = open();
    await ledger.append(lineOf(1));
    time.ms += DAY_MS / 2 - 1;
    await ledger.append(lineOf(2));
    assert.deepEqual(names(), ['usage.jsonl']);
    time.ms += 1;
    await ledger.append(lineOf(3));
    assert.deepEqual(names(), ['usage.2026-11-28.0001.jsonl', 'usage.jsonl']);
  });

  test('LED-4: an empty file is not put aside, and a line larger than the limit is written', async (t) => {
    const { file, names, open, time } = start(t, { every: 'day', maxBytes: 10 });
    const ledger = open();
    time.ms += 3 * DAY_MS;
    await ledger.append(lineOf(1));
    assert.deepEqual(names(), ['usage.jsonl']);
    await ledger.append(lineOf(2));
    assert.deepEqual(names(), ['usage.2026-12-01.0001.jsonl', 'usage.jsonl']);
    assert.deepEqual(await numbersIn(file), [1, 2]);
  });

  test('LED-4: keep bounds the files put aside, the oldest go', async (t) => {
    const { file, names, open } = start(t, { maxBytes: 10, keep: 3 });
    const ledger = open();
    for (const n of upTo(12)) await ledger.append(lineOf(n));
    assert.equal(names().length, 4);
    assert.deepEqual(await numbersIn(file), [9, 10, 11, 12]);
    assert.deepEqual(ledger.state(), { healthy: true, lost: 0, lastError: undefined });
  });

  test('LED-3, LED-4: a kill at any moment loses and doubles no acknowledged line', async (t) => {
    const file = join(newFolder(t), 'usage.jsonl');
    const words = [...appender, file, 'os', 'Infinity', '500'];
    const child = spawn(node, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      acknowledged += text;
      if (acknowledged.length > 5_000) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const last = Number(acknowledged.slice(0, acknowledged.lastIndexOf('\n')).split('\n').at(-1));
    const numbers = await numbersIn(file);
    assert.ok(last > 100);
    assert.ok(numbers.length >= last);
    assert.deepEqual(numbers, upTo(numbers.length));
  });
});
