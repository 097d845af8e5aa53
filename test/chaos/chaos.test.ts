import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { sourceCommand } from '../support/source-command.ts';
import { runChaos } from './run-chaos.ts';

const CANNOT_LIMIT = !existsSync('/usr/bin/prlimit');

describe('chaos, the short form', () => {
  test('LED-3, LED-6, REL-1: killed, ended, reloaded, broken, out of time and of disk, the ledger still tells the truth', async () => {
    const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const result = await runChaos({
      command: sourceCommand('src/cli/index.ts'),
      seed,
      clients: 12,
      deaths: 3,
      enduranceMs: 2_500,
      awaitRest: false,
      report: () => {},
    });
    const said = `seed ${seed}, ${JSON.stringify({ ...result, comparedNanos: `${result.comparedNanos}`, samples: [] }, null, 2)}`;
    assert.deepEqual(result.violations, [], said);
    assert.ok(result.whole > 20 && result.comparedSlugs > 10, said);
    assert.ok(result.reloads.good > 3 && result.reloads.broken > 3, said);
    assert.ok(result.clockJumps > 3 && (result.fullDisks > 0 || CANNOT_LIMIT), said);
  });
});
