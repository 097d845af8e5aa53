import assert from 'node:assert/strict';
import {
  appendFile,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { LedgerSelection } from '../../src/usage/ledger-filter.ts';
import { sumLedger } from '../../src/usage/sum-ledger.ts';
import { toUsageJson } from '../../src/usage/summary-json.ts';
import { createSumsMemory } from '../../src/usage/sums-memory.ts';

const MIDNIGHT = Date.UTC(2026, 0, 1);

/** Lines so long that forty of them are worth remembering, and three are not. */
const PAD = 'x'.repeat(4000);

function line(number: number): string {
  const session = `s${number % 3}`;
  const tokens = { in: number, out: 1 };
  const ts = new Date(MIDNIGHT + (number - 10) * 1000).toISOString();
  const call = { pad: PAD, ts, session, http_status: 200, latency_ms: number % 7, tokens };
  return `${JSON.stringify({ ...call, cost_nanos_usd: number * 1000 })}\n`;
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => line(from + index)).join('');

async function start(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'usage.jsonl');
  const selection: LedgerSelection = { sinceMs: MIDNIGHT, untilMs: undefined, where: [] };
  const question = { file, grouping: 'session', selection } as const;
  return {
    file,
    folder,
    /** The sums, and how many bytes were read for them; they are those that nobody remembered. */
    async ask(changes: Partial<LedgerSelection> = {}): Promise<number> {
      const asked = { ...question, selection: { ...selection, ...changes } };
      let read = 0;
      const remembered = await sumLedger({
        ...asked,
        memory: createSumsMemory({ ...asked, nowMs: Date.now() }),
        onProgress: (bytes) => {
          read = bytes;
        },
      });
      const fresh = await sumLedger(asked);
      assert.equal(toUsageJson(remembered), toUsageJson(fresh));
      assert.equal(remembered.lines, fresh.lines);
      return read;
    },
  };
}

const BYTES = Buffer.byteLength(line(50));

describe('sums that are remembered (CLI-5)', () => {
  test('CLI-5: whoever asks again reads only what is new', async (t) => {
    const { ask, file } = await start(t);
    await writeFile(file, lines(10, 50));
    assert.equal(await ask(), 40 * BYTES);
    assert.equal(await ask(), 0);
    // Half a line is still being written.
    await appendFile(file, lines(50, 53) + line(53).slice(0, 100));
    assert.equal(await ask(), 3 * BYTES + 100);
    await appendFile(file, line(53).slice(100) + lines(54, 90));
    assert.equal(await ask(), 40 * BYTES);
    assert.equal(await ask(), 0);
  });

  test('CLI-5: files that are put aside meanwhile are read on, and missed when they are gone', async (t) => {
    const { ask, file, folder } = await start(t);
    const archives = [1, 2].map((number) => join(folder, `usage.2026-01-01.000${number}.jsonl`));
    const [first = '', second = ''] = archives;
    await writeFile(file, lines(10, 50));
    await ask();
    await appendFile(file, lines(50, 51));
    await rename(file, first);
    await writeFile(file, lines(51, 53));
    assert.equal(await ask(), 3 * BYTES);
    await rename(file, second);
    assert.equal(await ask(), 3 * BYTES);
    await writeFile(file, lines(53, 90));
    assert.equal(await ask(), 40 * BYTES);
    assert.equal(await ask(), 0);
    await rm(first);
    assert.equal(await ask(), 39 * BYTES);
  });

  test('CLI-5: a file that was written anew or cut short is read from its start', async (t) => {
    const { ask, file } = await start(t);
    await writeFile(file, lines(10, 50));
    await ask();
    await writeFile(file, lines(20, 50));
    assert.equal(await ask(), 30 * BYTES);
    await writeFile(file, lines(15, 60));
    assert.equal(await ask(), 45 * BYTES);
  });

  test('CLI-5: each question has an answer of its own; one that does not come again has none', async (t) => {
    const { ask, file, folder } = await start(t);
    await writeFile(file, lines(10, 50));
    await ask();
    const where = [{ field: 'session', value: 's1', negated: false }];
    assert.equal(await ask({ where }), 40 * BYTES);
    assert.equal(await ask({ sinceMs: MIDNIGHT + 60_000 }), 40 * BYTES);
    const kept = `${file}.sums`;
    assert.equal((await readdir(kept)).length, 3);
    await ask({ sinceMs: MIDNIGHT + 12_345 });
    assert.equal((await readdir(kept)).length, 3);
    for (let minute = 10; minute < 70; minute += 1)
      await ask({ sinceMs: MIDNIGHT - minute * 60_000 });
    assert.equal((await readdir(kept)).length, 50);
    // Old answers go when a new one comes, and broken ones are asked for again.
    for (const name of await readdir(kept)) await utimes(join(kept, name), 1, 1);
    await ask({ sinceMs: MIDNIGHT + 120_000 });
    const [only = '', ...rest] = await readdir(kept);
    assert.deepEqual(rest, []);
    for (const size of [0, 4, 100, (await stat(join(kept, only))).size - 1]) {
      await truncate(join(kept, only), size);
      assert.equal(await ask({ sinceMs: MIDNIGHT + 120_000 }), 40 * BYTES);
    }
    assert.deepEqual((await readdir(folder)).sort(), ['usage.jsonl', 'usage.jsonl.sums']);
  });

  test('CLI-5: whoever asks for days, as a proxy is asked, has no more files open', async (t) => {
    const { ask, file } = await start(t);
    await writeFile(file, lines(10, 50));
    await ask();
    const open = async () => (await readdir('/proc/self/fd').catch(() => [])).length;
    const before = await open();
    for (let time = 0; time < 20; time += 1) await ask();
    assert.ok((await open()) < before + 10);
  });

  test('CLI-5: a folder that cannot be written only costs time', async (t) => {
    const { ask, file } = await start(t);
    await writeFile(file, lines(10, 50));
    await writeFile(`${file}.sums`, 'in the way');
    assert.equal(await ask(), 40 * BYTES);
    assert.equal(await ask(), 40 * BYTES);
  });
});
