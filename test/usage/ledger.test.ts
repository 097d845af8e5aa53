import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, type TestContext, test } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { type Durability, openLedger } from '../../src/usage/ledger.ts';
import { sourceCommand } from '../support/source-command.ts';

const [node, ...appender] = sourceCommand('test/usage/append-lines.ts');

/** A ledger in a folder of its own, with its log, and a clock that the test moves. */
function start(t: TestContext, durability: Durability, prepare = (_file: string) => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-ledger-'));
  const file = join(folder, 'usage', 'usage.jsonl');
  prepare(file);
  const log: { level: string; message: string; fields: Record<string, unknown> }[] = [];
  const write = (level: string) => (fields: Record<string, unknown>, message: string) => {
    log.push({ level, message, fields });
  };
  const time = { ms: 0 };
  const ledger = openLedger({
    file,
    durability,
    rotation: { maxBytes: Number.POSITIVE_INFINITY, every: 'never', keep: 1 },
    clock: { now: () => 0, monotonicMs: () => time.ms },
    logger: { ...silentLogger, warn: write('warn'), error: write('error') },
  });
  t.after(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true });
  });
  const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return { ledger, file, log, time, lines };
}

function inFolder(action: (file: string) => void): (file: string) => void {
  return (file) => {
    mkdirSync(dirname(file));
    action(file);
  };
}

/** Takes no byte: every write fails as on a full disk. */
const fullDisk = inFolder((file) => symlinkSync('/dev/full', file));

describe('openLedger', () => {
  test('LED-3 os: the line is in the kernel when its promise resolves', async (t) => {
    const { ledger, lines } = start(t, 'os');
    await ledger.append('{"n":1}');
    assert.deepEqual(lines(), ['{"n":1}']);
    await ledger.append('{"n":2}');
    assert.deepEqual(lines(), ['{"n":1}', '{"n":2}']);
    assert.deepEqual(ledger.state(), { healthy: true, lost: 0, lastError: undefined });
  });

  test('LED-3 os: the lines of one turn are written together, in their order', async (t) => {
    const { ledger, lines } = start(t, 'os');
    const burst = Array.from({ length: 50 }, (_, n) => `{"n":${n}}`);
    const promises = burst.map((line) => ledger.append(line));
    assert.equal(new Set(promises).size, 1);
    assert.deepEqual(lines(), []);
    await promises[0];
    assert.deepEqual(lines(), burst);
  });

  test('LED-3 os: lines that wait are written at close', async (t) => {
    const { ledger, lines } = start(t, 'os');
    const written = ledger.append('{"n":1}');
    await ledger.close();
    assert.deepEqual(lines(), ['{"n":1}']);
    await written;
    assert.deepEqual(lines(), ['{"n":1}']);
  });

  test('LED-3 disk: the lines of one burst are all there when their promises resolve', async (t) => {
    const { ledger, lines } = start(t, 'disk');
    const burst = Array.from({ length: 50 }, (_, n) => `{"n":${n}}`);
    await Promise.all(burst.map((line) => ledger.append(line)));
    assert.deepEqual(lines(), burst);
    assert.equal(ledger.refuses(), false);
  });

  test('LED-3 relaxed: a batch is written after 100 ms', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { ledger, lines } = start(t, 'relaxed');
    ledger.append('{"n":1}');
    t.mock.timers.tick(99);
    ledger.append('{"n":2}');
    assert.deepEqual(lines(), []);
    t.mock.timers.tick(1);
    assert.deepEqual(lines(), ['{"n":1}', '{"n":2}']);
  });

  test('LED-3 relaxed: a batch is written at 64 KiB and at close, and later lines at once', async (t) => {
    const { ledger, lines } = start(t, 'relaxed');
    const long = `{"text":"${'x'.repeat(40_000)}"}`;
    ledger.append(long);
    assert.equal(lines().length, 0);
    ledger.append(long);
    assert.equal(lines().length, 2);
    ledger.append('{"n":3}');
    await ledger.close();
    assert.equal(lines().length, 3);
    ledger.append('{"n":4}');
    assert.equal(lines().length, 4);
  });

  test('LED-3 relaxed: a batch is written when the process exits', (t) => {
    const { file, lines } = start(t, 'os');
    const { status } = spawnSync(node, [...appender, file, 'relaxed', '3']);
    assert.equal(status, 0);
    assert.equal(lines().length, 3);
  });

  test('the folder and the file are for their owner alone', (t) => {
    const { file } = start(t, 'os');
    assert.equal(statSync(dirname(file)).mode & 0o777, 0o700);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  for (const durability of ['os', 'disk'] as const) {
    test(`LED-3 ${durability}: after SIGKILL every acknowledged line is there`, async (t) => {
      const { file, lines } = start(t, 'os');
      const child = spawn(node, [...appender, file, durability]);
      let acknowledged = 0;
      for await (const number of createInterface({ input: child.stdout })) {
        // The kill may tear the last number; a prefix of it is a smaller one.
        acknowledged = Math.max(acknowledged, Number(number));
        if (acknowledged === 200) child.kill('SIGKILL');
      }
      assert.ok(acknowledged >= 200);
      const numbers = lines().map((line) => JSON.parse(line).n);
      assert.deepEqual(
        numbers.slice(0, acknowledged),
        Array.from({ length: acknowledged }, (_, index) => index + 1),
      );
    });
  }

  test('LED-3 a torn last line is moved aside at the start, with a warning', async (t) => {
    const tear = inFolder((file) => writeFileSync(file, '{"n":1}\n{"n":'));
    const { ledger, file, log, lines } = start(t, 'os', tear);
    await ledger.append('{"n":2}');
    assert.deepEqual(lines(), ['{"n":1}', '{"n":2}']);
    assert.equal(readFileSync(`${file}.torn`, 'utf8'), '{"n":\n');
    assert.deepEqual(log, [
      {
        level: 'warn',
        message: 'The last line of the usage ledger was torn and has been moved aside',
        fields: { file, torn_file: `${file}.torn`, bytes: 5 },
      },
    ]);
  });

  test('LED-3 full disk: each loss is counted, the failure is logged once, and it heals', async (t) => {
    const { ledger, file, log, lines } = start(t, 'os', fullDisk);
    await ledger.append('{"n":1}');
    await ledger.append('{"n":2}');
    assert.equal(ledger.refuses(), false, 'calls go on');
    const { healthy, lost, lastError } = ledger.state();
    assert.deepEqual({ healthy, lost }, { healthy: false, lost: 2 });
    assert.match(lastError ?? '', /ENOSPC/);
    unlinkSync(file);
    await ledger.append('{"n":3}');
    assert.deepEqual(lines(), ['{"n":3}']);
    assert.deepEqual(ledger.state(), { healthy: true, lost: 2, lastError });
    assert.deepEqual(
      log.map(({ level, message }) => `${level}: ${message}`),
      ['error: The usage ledger cannot be written', 'warn: The usage ledger is written again'],
    );
  });

  test('LED-3 full disk under disk: calls are refused until a probe succeeds', async (t) => {
    const { ledger, file, time, lines } = start(t, 'disk', fullDisk);
    await ledger.append('{"n":1}');
    assert.equal(ledger.refuses(), true);
    time.ms += 1_000;
    assert.equal(ledger.refuses(), true, 'the probe fails too');
    unlinkSync(file);
    assert.equal(ledger.refuses(), true, 'one probe a second');
    time.ms += 1_000;
    assert.equal(ledger.refuses(), false);
    assert.deepEqual(lines(), [], 'the probe leaves nothing');
    await ledger.append('{"n":2}');
    assert.deepEqual(lines(), ['{"n":2}']);
    assert.equal(ledger.state().lost, 1);
  });

  test('LED-3 disk: a line that the disk does not confirm is counted as lost', async (t) => {
    const unsyncable = inFolder((file) => symlinkSync('/dev/null', file));
    const { ledger } = start(t, 'disk', unsyncable);
    await Promise.all([ledger.append('{"n":1}'), ledger.append('{"n":2}')]);
    assert.equal(ledger.state().lost, 2);
    assert.equal(ledger.refuses(), true);
  });

  test('LED-3 a line that fits only in part is taken back, and the rest stays whole', (t) => {
    const { file, lines } = start(t, 'os');
    const limited = `ulimit -f 16; exec "${node}" ${appender.join(' ')} "${file}" os 500`;
    const { stdout, status } = spawnSync('sh', ['-c', limited], {
      encoding: 'utf8',
      env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    });
    assert.equal(status, 0);
    const { healthy, lost } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    assert.equal(healthy, false);
    assert.equal(lines().length + lost, 500);
    assert.ok(lost > 0);
    for (const line of lines()) JSON.parse(line);
    assert.equal(readFileSync(file).at(-1), 0x0a);
    assert.ok(!existsSync(`${file}.torn`));
  });

  test('LED-3 a path that cannot be opened is tried again with each line', async (t) => {
    const { ledger, file, lines } = start(
      t,
      'os',
      inFolder((path) => mkdirSync(path)),
    );
    assert.equal(ledger.state().healthy, false);
    assert.equal(ledger.state().lost, 0);
    await ledger.append('{"n":1}');
    assert.equal(ledger.state().lost, 1);
    rmdirSync(file);
    await ledger.append('{"n":2}');
    assert.deepEqual(lines(), ['{"n":2}']);
    assert.equal(ledger.state().healthy, true);
  });

  test('LED-3 a file that was moved away is left to its mover within a second', async (t) => {
    const { ledger, file, time, lines } = start(t, 'os');
    await ledger.append('{"n":1}');
    renameSync(file, `${file}.1`);
    await ledger.append('{"n":2}');
    assert.equal(readFileSync(`${file}.1`, 'utf8'), '{"n":1}\n{"n":2}\n', 'nothing is lost');
    time.ms += 1_000;
    await ledger.append('{"n":3}');
    assert.deepEqual(lines(), ['{"n":3}']);
    assert.deepEqual(ledger.state(), { healthy: true, lost: 0, lastError: undefined });
  });

  test('LED-3 a deleted file is made again, with its folder', async (t) => {
    const { ledger, file, time, lines } = start(t, 'os');
    rmSync(dirname(file), { recursive: true });
    time.ms += 1_000;
    await ledger.append('{"n":1}');
    assert.deepEqual(lines(), ['{"n":1}']);
    assert.equal(ledger.state().lost, 0);
  });

  test('LED-3 a line that comes after close is not lost', async (t) => {
    const { ledger, lines } = start(t, 'os');
    await ledger.close();
    await ledger.append('{"n":1}');
    assert.deepEqual(lines(), ['{"n":1}']);
  });
});
