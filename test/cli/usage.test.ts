import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { runCli, temporaryDirectory } from './run-cli.ts';

interface Line {
  [member: string]: unknown;
}

const CALL: Line = {
  v: 1,
  ts: '2026-11-27T10:00:00.000Z',
  api_key: 'ana',
  model: 'gpt-4o',
  http_status: 200,
  latency_ms: 100,
  tokens: { in: 10, out: 3, input_text: 6, cache_read_text: 4, output_text: 3 },
};

/** Money is integer digits of any length, which JSON.stringify would round. */
function lineOf(changes: Line, nanos: string): string {
  return `${JSON.stringify({ ...CALL, ...changes }).slice(0, -1)},"cost_nanos_usd":${nanos}}\n`;
}

async function ledgerOf(t: TestContext, files: Record<string, string>): Promise<string> {
  const cwd = await temporaryDirectory(t);
  await mkdir(join(cwd, 'usage'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, 'usage', name), text);
  return cwd;
}

const env = { TZ: 'Europe/Berlin' };

describe('signalbox usage (CLI-5)', { concurrency: true }, () => {
  test('sums exactly, over the files put aside, unknown costs and damaged lines apart', async (t) => {
    const cwd = await ledgerOf(t, {
      'usage.2026-11-27.0001.jsonl': lineOf({}, '9007199254740993'),
      'usage.jsonl': [
        lineOf({ latency_ms: 300, http_status: 502, error_code: 'upstream_error' }, '1'),
        lineOf({ latency_ms: 200 }, 'null'),
        '{"torn\n',
        lineOf({ model: 'free', error_code: 'upstream_stream_cut' }, 'null'),
      ].join(''),
    });
    const { code, stdout } = await runCli(['usage', '--json'], { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /"cost_nanos_usd":9007199254740994,"cost_usd":"9007199.254740994"/);
    assert.deepEqual(JSON.parse(stdout).rows, [
      {
        model: 'gpt-4o',
        requests: 3,
        errors: 1,
        tokens: { in: 30, cached: 12, out: 9 },
        cost_nanos_usd: 9007199254740994,
        cost_usd: '9007199.254740994',
        unknown_costs: 1,
        latency_ms: { p50: 200, p95: 300 },
      },
      {
        model: 'free',
        requests: 1,
        errors: 1,
        tokens: { in: 10, cached: 4, out: 3 },
        cost_nanos_usd: null,
        cost_usd: null,
        unknown_costs: 1,
        latency_ms: { p50: 100, p95: 100 },
      },
    ]);
    assert.equal(JSON.parse(stdout).damaged_lines, 1);

    const table = await runCli(['usage'], { cwd });
    assert.match(
      table.stdout,
      /^total \(2\) +4 +2 +40 +16 +12 +9,007,199\.25 +2 +100 ms +300 ms$/m,
    );
    assert.match(table.stderr, /1 damaged line is left out/);
    assert.match(table.stderr, /The cost of 2 calls is unknown/);
  });

  test('days and hours are those of the time zone, in the night of the clock change too', async (t) => {
    const cwd = await ledgerOf(t, {
      'usage.jsonl': [
        '2026-10-24T21:59:59.999Z',
        '2026-10-24T22:00:00.000Z',
        '2026-10-25T00:30:00.000Z',
        '2026-10-25T01:30:00.000Z',
      ]
        .map((ts) => lineOf({ ts }, '5'))
        .join(''),
    });
    const groups = async (by: string, ...more: string[]) => {
      const { stdout } = await runCli(['usage', '--by', by, '--csv', ...more], { cwd, env });
      const rows = stdout.trim().split('\r\n').slice(1);
      return rows.map((row) => row.split(',').slice(0, 2));
    };
    assert.deepEqual(await groups('day'), [
      ['2026-10-24', '1'],
      ['2026-10-25', '3'],
    ]);
    assert.deepEqual(await groups('hour', '--since', '2026-10-25T02:00+02:00'), [
      ['2026-10-25T02:00+01:00', '1'],
      ['2026-10-25T02:00+02:00', '1'],
    ]);
    assert.deepEqual(await groups('day', '--until', '2026-10-25'), [['2026-10-24', '1']]);
  });

  test('--where selects by any member that holds one value', async (t) => {
    const cwd = await ledgerOf(t, {
      'usage.jsonl': [
        lineOf({ team: 'a', stream: true, requested_model: 'x=y "z"' }, '5'),
        lineOf({ http_status: 404 }, '5'),
      ].join(''),
    });
    const count = async (...where: string[]) => {
      const { stdout } = await runCli(['usage', '--json', '--where', ...where], { cwd });
      return JSON.parse(stdout).total.requests;
    };
    assert.equal(await count('requested=x=y "z"', 'stream=true'), 1);
    assert.equal(await count('http_status!=200'), 1);
    assert.equal(await count('team='), 1);
    assert.equal(await count('team=a', 'http_status=404'), 0);
  });

  test('what cannot be asked is bad usage, and a name cannot command the terminal', async (t) => {
    const cwd = await ledgerOf(t, { 'usage.jsonl': lineOf({ model: '\u001b[2Jevil' }, '5') });
    for (const words of [
      ['--since', '2026-02-30'],
      ['--since', '2026-13-01'],
      ['--since', '2026-02-30T10:00'],
      ['--where', 'colour=red'],
      ['--by', 'moon'],
      ['--json', '--csv'],
      ['--follow', '--since', 'today'],
    ]) {
      const { code, stdout } = await runCli(['usage', ...words], { cwd });
      assert.deepEqual([code, stdout], [2, ''], words.join(' '));
    }
    const { stdout } = await runCli(['usage'], { cwd });
    assert.match(stdout, /�\[2Jevil/);
    assert.ok(!stdout.includes('\u001b'));
  });

  test('CLI-5: a ledger that was named and is not there is an error, that of a config begins later', async (t) => {
    const cwd = await temporaryDirectory(t);
    const named = await runCli(['usage', '--file', 'typo.jsonl'], { cwd });
    assert.deepEqual(named, { code: 1, stdout: '', stderr: 'error: there is no typo.jsonl\n' });
    const { code, stderr } = await runCli(['usage'], { cwd });
    assert.equal(code, 0);
    assert.match(stderr, /has no calls yet/);
  });

  test('the config says where the ledger is, and needs none of its variables for that', async (t) => {
    const cwd = await temporaryDirectory(t);
    await writeFile(
      join(cwd, 'config.yaml'),
      'usage: { file: os.environ/LEDGER }\nproviders: { p: { type: OPENAI, keys: { k: os.environ/NONE } } }\n',
    );
    await appendFile(join(cwd, 'mine.jsonl'), lineOf({}, '5'));
    const { stdout } = await runCli(['usage', '--json'], { cwd, env: { LEDGER: 'mine.jsonl' } });
    assert.equal(JSON.parse(stdout).total.requests, 1);
    const unset = await runCli(['usage', '--json'], { cwd });
    assert.deepEqual([unset.code, unset.stdout], [1, '']);
    const missing = await runCli(['usage', '--config', 'other.yaml'], { cwd });
    assert.match(missing.stderr, /other\.yaml cannot be read \(ENOENT\)/);
    assert.equal(missing.code, 1);
  });
});
