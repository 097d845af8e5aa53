// npm run check: everything CI runs, in one place.
import { join } from 'node:path';
import { ensureInstalled, root, run } from './ensure-installed.mjs';

ensureInstalled();
const bin = (name) => join(root, 'node_modules', '.bin', name);
const steps = [
  ['types', bin('tsc'), []],
  ['types of the page', bin('tsc'), ['-p', 'src/ui']],
  ['lint and format', bin('biome'), ['ci', '--error-on-warnings']],
  ['unused code', bin('knip'), []],
  ['tests', process.execPath, ['scripts/test.mjs']],
  ['build', bin('tsup'), ['--silent']],
  [
    'example config',
    process.execPath,
    ['bin/signalbox.js', 'check', '--config', 'config.example.yaml'],
  ],
  ['package', 'npm', ['pack', '--dry-run', '--silent']],
];
for (const [title, command, args] of steps) {
  console.error(`\n── ${title}`);
  run(command, args, { shell: process.platform === 'win32' });
}
