// npm test [-- pattern … | --update]: install if needed, then node:test over test/**/*.test.ts.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTests } from './build-tests.mjs';
import { ensureInstalled, root } from './ensure-installed.mjs';

/** These start servers, processes and clocks of their own, so each file has a process to itself. */
const ISOLATED = /^test[\\/](e2e|cli|app|usage|simulator|chaos|fuzz)[\\/]|^test[\\/][^\\/]+$/;

/** What tests start as processes of their own. */
const PROCESSES = ['src/cli/index.ts', 'test/usage/append-lines.ts'];

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

const { folder, builtFrom, remove } = await buildTests([...files, ...PROCESSES]);
process.on('exit', remove);
const update = options.includes('--update');
const result = spawnSync(
  process.execPath,
  [
    '--test',
    // Traces that lead to the sources, where somebody looks at one test; over a whole run they cost a minute.
    ...(patterns.length === 0 ? [] : ['--enable-source-maps']),
    // A test that hangs is a failed one.
    '--test-timeout=180000',
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    ...options.filter((word) => word !== '--update'),
    ...files.filter((name) => ISOLATED.test(name)).map(builtFrom),
    ...groupEntries(files.filter((name) => !ISOLATED.test(name))),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      SIGNALBOX_TESTS_BUILT: folder,
      ...(update ? { UPDATE_GOLDEN: '1' } : {}),
    },
  },
);
process.exit(result.status ?? 1);

/** One file a folder that imports the folder's tests: starting a process costs more than most of them. */
function groupEntries(names) {
  const folders = new Map();
  for (const name of names) {
    const member = name.split(sep)[1];
    folders.set(member, [...(folders.get(member) ?? []), name]);
  }
  return [...folders].map(([member, tests]) => {
    const entry = join(folder, `${member}.test.mjs`);
    const imports = tests.map((name) => `await import('${pathToFileURL(builtFrom(name))}');\n`);
    writeFileSync(entry, imports.join(''));
    return entry;
  });
}
