// Makes plain JavaScript of tests and benchmarks in one go: a hundred processes that each translate the sources cost minutes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './ensure-installed.mjs';

/**
 * Bundles the named TypeScript files into a folder of this run; what several of them share is loaded from one file.
 * Files go on finding what lies beside their source.
 */
export async function buildTests(names) {
  const { build } = await import('esbuild');
  // Inside node_modules, so that packages are found as they are from the sources.
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'tests-'));
  await build({
    absWorkingDir: root,
    entryPoints: names,
    outdir: folder,
    outbase: root,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    plugins: [{ name: 'keep-place', setup: keepPlace }],
  });
  return {
    folder,
    /** The built file of a source. */
    builtFrom: (name) => join(folder, relative(root, join(root, name)).replace(/\.ts$/, '.js')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function keepPlace({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => {
    const source = readFileSync(path, 'utf8');
    if (!source.includes('import.meta.')) return undefined;
    const contents = source
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
    return { contents, loader: 'ts' };
  });
}
