// npm run bench [-- options]: install if needed, build what is measured, run bench/run.ts.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildTests } from './build-tests.mjs';
import { ensureInstalled, root, run } from './ensure-installed.mjs';

ensureInstalled();
const words = process.argv.slice(2);
const measuresProcesses = !['micro', '--help', '-h'].some((word) => words.includes(word));
if (measuresProcesses) {
  const build = (...args) =>
    run(
      process.execPath,
      [join(root, 'node_modules', 'tsup', 'dist', 'cli-default.js'), '--silent', ...args],
      { stdio: ['ignore', 2, 2] },
    );
  // Always built, so that the figures are those of the sources at hand.
  build();
  const processes = readdirSync(join(root, 'bench', 'processes')).map(
    (name) => `bench/processes/${name}`,
  );
  // What Signalbox is compared with is bundled as it is itself.
  build(...processes, '--out-dir', 'node_modules/.cache/signalbox-bench');
}
// Plain JavaScript: what tsx adds to each closure would double the figures of the pieces.
const bench = await buildTests(['bench/run.ts']);
const result = spawnSync(process.execPath, [bench.builtFrom('bench/run.ts'), ...words], {
  cwd: root,
  stdio: 'inherit',
});
bench.remove();
process.exit(result.status ?? 1);
