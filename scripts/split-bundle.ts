// The bundle in three files: what names the commands, what they do, and the price list. A start reads
// no more than it needs, because reading code takes a third of the time of a short command.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = join(ROOT, 'src', 'cli');
const PRICE_LIST = '@pydantic/genai-prices';

/** The entry of each file. */
export const ENTRIES = {
  cli: 'src/cli/index.ts',
  // Its text is made below.
  work: 'scripts/bundle-work.ts',
  prices: `node_modules/${PRICE_LIST}/dist/index.js`,
};

/** Takes what `src/cli` imports when a command runs, and the price list, out of the file that is read first. */
export const splitBundle: Plugin = {
  name: 'split-bundle',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/work\.cjs$/ }, ({ path }) => ({ path, external: true }));
    onResolve({ filter: new RegExp(`^${PRICE_LIST}$`) }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './prices.cjs', external: true } : null,
    );
    onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir }) =>
      kind === 'dynamic-import' && resolveDir === CLI
        ? { path: nameOf(resolve(resolveDir, path)), namespace: 'work' }
        : null,
    );
    onLoad({ filter: /.*/, namespace: 'work' }, ({ path }) => ({
      contents: `module.exports = require('./work.cjs')[${JSON.stringify(path)}]();`,
      resolveDir: ROOT,
    }));
    onLoad({ filter: /[\\/]bundle-work\.ts$/ }, () => ({
      contents: deferredModules()
        .map((name) => `exports['${name}'] = () => require('../${name}');`)
        .join('\n'),
      loader: 'js',
    }));
  },
};

/** Every module that a command imports when it runs. */
function deferredModules(): string[] {
  const files = readdirSync(CLI).map((name) => join(CLI, name));
  const names = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bimport\(\s*'(\.[^']+)'/g)].map(([, path = '']) =>
      nameOf(resolve(dirname(file), path)),
    ),
  );
  return [...new Set(names)].sort();
}

function nameOf(path: string): string {
  return relative(ROOT, path).split(sep).join('/');
}
