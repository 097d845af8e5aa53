import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The words that start a TypeScript file of the project as a process: as `npm test` has built it, or, when a test file is run
 * by itself, from its source.
 */
export function sourceCommand(name: string): readonly [string, ...string[]] {
  const built = join(process.env['SIGNALBOX_TESTS_BUILT'] ?? ROOT, name.replace(/\.ts$/, '.js'));
  if (existsSync(built)) return [process.execPath, built];
  return [process.execPath, '--import', import.meta.resolve('tsx'), join(ROOT, name)];
}
