// The bundle in four files: what names the commands, what they do, what `usage` does, and the price
// list. A start reads no more than it needs, because reading code takes a third of the time of a short
// command.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = join(ROOT, 'src', 'cli');
const PRICE_LIST = '@pydantic/genai-prices';

/** It starts programs for commands that are files of their own, which ours are not. */
const COMMANDER = `${sep}node_modules${sep}commander${sep}`;

/** The entry of each file. */
export const ENTRIES = {
  cli: 'src/cli/index.ts',
  // The text of both is made below.
  work: 'scripts/bundle-work.ts',
  usage: 'scripts/bundle-usage.ts',
  prices: `node_modules/${PRICE_LIST}/dist/index.js`,
};

/** Sums are asked for by status lines, every second or so; the sums need little of the code. */
const OWN_FILES: Readonly<Record<string, 'usage'>> = { 'usage.ts': 'usage' };

/** Takes what `src/cli` imports when a command runs, and the price list, out of the file that is read first. */
export const splitBundle: Plugin = {
  name: 'split-bundle',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/(work|usage)\.cjs$/ }, ({ path }) => ({ path, external: true }));
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      importer.includes(COMMANDER) ? { path, namespace: 'on-use' } : null,
    );
    onLoad({ filter: /.*/, namespace: 'on-use' }, ({ path }) => ({
      contents: `module.exports = { get spawn() { return require('${path}').spawn; } };`,
    }));
    onResolve({ filter: new RegExp(`^${PRICE_LIST}$`) }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './prices.cjs', external: true } : null,
    );
    onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir, importer }) =>
      kind === 'dynamic-import' && resolveDir === CLI
        ? { path: nameOf(resolve(resolveDir, path)), namespace: fileFor(importer) }
        : null,
    );
    for (const file of ['work', 'usage'] as const) {
      onLoad({ filter: /.*/, namespace: file }, ({ path }) => ({
        contents: `module.exports = require('./${file}.cjs')[${JSON.stringify(path)}]();`,
        resolveDir: ROOT,
      }));
      onLoad({ filter: new RegExp(`[\\\\/]bundle-${file}\\.ts$`) }, () => ({
        contents: deferredModules(file)
          .map((name) => `exports['${name}'] = () => require('../${name}');`)
          .join('\n'),
        loader: 'js',
      }));
    }
  },
};

/** The file of the bundle that holds what a file of `src/cli` imports when it runs. */
function fileFor(importer: string): 'work' | 'usage' {
  return OWN_FILES[basename(importer)] ?? 'work';
}

/** Every module of that file that a command imports when it runs. */
function deferredModules(file: 'work' | 'usage'): string[] {
  const importers = readdirSync(CLI).filter((name) => fileFor(name) === file);
  const names = importers.flatMap((importer) =>
    [...readFileSync(join(CLI, importer), 'utf8').matchAll(/\bimport\(\s*'(\.[^']+)'/g)].map(
      ([, path = '']) => nameOf(resolve(CLI, path)),
    ),
  );
  return [...new Set(names)].sort();
}

function nameOf(path: string): string {
  return relative(ROOT, path).split(sep).join('/');
}
