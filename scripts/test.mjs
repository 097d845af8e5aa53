// npm test [-- pattern … | --update]: install if needed, then node:test over test/**/*.test.ts.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTests } from './build-tests.mjs';
import { ensureInstalled, root } from './ensure-installed.mjs';

/** These weigh their process, start many of their own, or last so long that others would wait behind them. */
const ALONE =
  /^test[\\/](chaos|fuzz)[\\/]|^test[\\/][^\\/]+$|[\\/](hostile-|canaries|failover-every-byte|sdk-matrix|thousand|survives-kill|equals-bill)/;

/** Files that start servers share a process by so many, as that process has three minutes too; others all do. */
const SERVING = /^(e2e|cli|app|usage|simulator)$/;
const FILES_A_PROCESS = 8;

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
    ...files.filter((name) => ALONE.test(name)).map(builtFrom),
    ...groupEntries(files.filter((name) => !ALONE.test(name))),
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

/** Files that import some of one folder's tests each: starting a process costs more than most of them do. */
function groupEntries(names) {
  const members = [...new Set(names.map((name) => name.split(sep)[1]))];
  return members.flatMap((member) => {
    const tests = names.filter((name) => name.split(sep)[1] === member);
    const count = SERVING.test(member) ? Math.ceil(tests.length / FILES_A_PROCESS) : 1;
    return Array.from({ length: count }, (_, part) =>
      // In turn, so that no process gets all of what is slow and has the same name.
      writeEntry(
        `${member}-${part + 1}`,
        tests.filter((_, index) => index % count === part),
      ),
    );
  });
}

function writeEntry(title, tests) {
  const entry = join(folder, `${title}.test.mjs`);
  const imports = tests.map((name) => `await import('${pathToFileURL(builtFrom(name))}');\n`);
  writeFileSync(entry, imports.join(''));
  return entry;
}
