import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'tsup';
import { buildPage } from './scripts/build-page.ts';
import { bundledPackages, formatNotices, formatSbom } from './scripts/bundled-packages.ts';
import { ENTRIES, splitBundle } from './scripts/split-bundle.ts';

let built: ReturnType<typeof buildPage> | undefined;
const page = () => {
  built ??= buildPage();
  return built;
};

/** A single executable takes one file, and keeps its code compiled. */
const isSingle = process.env['SIGNALBOX_SINGLE_FILE'] === '1';

// CommonJS, because it starts fastest. Everything is bundled, so that a dependency's `engines` never
// reaches a user.
export default defineConfig({
  entry: isSingle ? { cli: ENTRIES.cli } : ENTRIES,
  format: 'cjs',
  outExtension: () => ({ js: '.cjs' }),
  target: 'node20',
  platform: 'node',
  noExternal: [/.*/],
  splitting: false,
  clean: true,
  minify: true,
  // The plugins know Node's own modules by it.
  removeNodeProtocol: false,
  // Without a limit a crash prints the whole bundle as one source line.
  esbuildOptions: (options) => {
    options.lineLimit = 200;
    options.legalComments = 'none';
    // For one letter beyond Latin-1 V8 keeps all of the text in two bytes a letter, a megabyte more.
    options.charset = 'ascii';
  },
  esbuildPlugins: [
    ...(isSingle ? [] : [splitBundle]),
    {
      name: 'undici-parts',
      setup({ onResolve }) {
        const path = join(import.meta.dirname, 'scripts', 'undici-parts.cjs');
        onResolve({ filter: /^undici$/ }, () => ({ path }));
      },
    },
    {
      // The page's text, packed: it is unpacked when somebody opens the page.
      name: 'embed-page',
      setup({ onLoad }) {
        onLoad({ filter: /[\\/]ui[\\/]page-html\.ts$/ }, async () => {
          const packed = gzipSync((await page()).html, { level: 9 }).toString('base64');
          return {
            contents: `import { gunzipSync } from 'node:zlib';
              export const pageHtml = async () =>
                gunzipSync(Buffer.from('${packed}', 'base64')).toString();`,
          };
        });
      },
    },
    // Every copy of the bundle says what is in it.
    {
      name: 'list-bundled-packages',
      setup({ initialOptions: { outdir = 'dist' }, onEnd }) {
        onEnd(async ({ metafile }) => {
          if (!metafile) return;
          const outputs = { ...metafile.outputs, ...(await page()).metafile.outputs };
          const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
          const packages = bundledPackages({ outputs }, process.cwd());
          // It may run before the folder of a first build is there.
          mkdirSync(outdir, { recursive: true });
          writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES.txt'), formatNotices(packages));
          writeFileSync(join(outdir, 'sbom.cdx.json'), formatSbom(packages, manifest));
        });
      },
    },
  ],
});
