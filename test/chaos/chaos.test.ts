import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ROOT } from '../support/start-cli.ts';
import { runChaos } from './run-chaos.ts';

const command = [
  process.execPath,
  '--import',
  import.meta.resolve('tsx'),
  join(ROOT, 'src/cli/index.ts'),
] as const;

describe('chaos, the short form', () => {
  test('LED-3, LED-6, REL-1: killed, ended, reloaded and broken, the ledger still tells the truth', async () => {
    const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const result = await runChaos({
      command,
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
  });
});
