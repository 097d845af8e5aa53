// npm test [-- pattern … | --update]: install if needed, then node:test over test/**/*.test.ts.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensure-installed.mjs';

ensureInstalled();
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const patterns = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const files = readdirSync(join(root, 'test'), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.test.ts') && !name.includes('fixtures'))
  .filter((name) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)))
  .sort()
  .map((name) => join('test', name));
if (files.length === 0) {
  console.error(`No test file matches ${patterns.join(' ')}`);
  process.exit(2);
}
const update = options.includes('--update');
const result = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', ...options.filter((word) => word !== '--update'), ...files],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...(update ? { UPDATE_GOLDEN: '1' } : {}) },
  },
);
process.exit(result.status ?? 1);
