// npm start: install if needed, build if needed, run the example config.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root, run } from './ensure-installed.mjs';

const newest = (directory) =>
  Math.max(
    ...readdirSync(directory, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
  );

ensureInstalled();
const bundle = join(root, 'dist', 'cli.cjs');
const sources = Math.max(
  newest(join(root, 'src')),
  statSync(join(root, 'package-lock.json')).mtimeMs,
);
if (!existsSync(bundle) || statSync(bundle).mtimeMs < sources) {
  console.error('Building …');
  run(process.execPath, [join(root, 'node_modules', 'tsup', 'dist', 'cli-default.js'), '--silent']);
}
const { spawn } = await import('node:child_process');
const proxy = spawn(
  process.execPath,
  [
    join(root, 'bin', 'signalbox.js'),
    'serve',
    '--config',
    'config.example.yaml',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => proxy.kill(signal));
proxy.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
