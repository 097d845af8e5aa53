// npm run test:chaos [-- --minutes 60 --deaths 200 --clients 24 --seed N]: build, then the long form of the chaos.
import { join } from 'node:path';
import { ensureInstalled, root, run } from './ensure-installed.mjs';

ensureInstalled();
run(join(root, 'node_modules', '.bin', 'tsup'), ['--silent'], {
  shell: process.platform === 'win32',
});
run(process.execPath, ['--import', 'tsx', 'test/chaos/main.ts', ...process.argv.slice(2)]);
