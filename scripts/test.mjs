// npm test [-- pattern … | --update]: install if needed, then node:test over test/**/*.test.ts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, root } from './ensure-installed.mjs';

/** These start servers, processes and clocks of their own, so each file has a process to itself. */
const ISOLATED = /^test[\\/](e2e|cli|app|usage|simulator|chaos|fuzz)[\\/]|^test[\\/][^\\/]+$/;

ensureInstalled();
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const patterns = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const files = readdirSync(join(root, 'test'), { recursive: true })
  .map((name) => join('test', String(name)))
  .filter((name) => name.endsWith('.test.ts') && !name.includes(`${sep}fixtures${sep}`))
  .filter((name) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)))
  .sort();
if (files.length === 0) {
  console.error(`No test file matches ${patterns.join(' ')}`);
  process.exit(2);
}

const entries = mkdtempSync(join(tmpdir(), 'signalbox-tests-'));
const update = options.includes('--update');
const result = spawnSync(
  process.execPath,
  [
    '--import',
    'tsx',
    '--test',
    // A test that hangs is a failed one.
    '--test-timeout=180000',
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    ...options.filter((word) => word !== '--update'),
    ...files.filter((name) => ISOLATED.test(name)),
    ...groupEntries(files.filter((name) => !ISOLATED.test(name))),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...(update ? { UPDATE_GOLDEN: '1' } : {}) },
  },
);
rmSync(entries, { recursive: true });
process.exit(result.status ?? 1);

/** One file a folder that imports the folder's tests: starting a process costs more than most of them. */
function groupEntries(names) {
  const folders = new Map();
  for (const name of names) {
    const folder = name.split(sep)[1];
    folders.set(folder, [...(folders.get(folder) ?? []), name]);
  }
  return [...folders].map(([folder, members]) => {
    const entry = join(entries, `${folder}.test.mjs`);
    const imports = members.map((name) => `await import('${pathToFileURL(join(root, name))}');\n`);
    writeFileSync(entry, imports.join(''));
    return entry;
  });
}
