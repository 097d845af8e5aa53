import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsup';
import { bundledPackages, formatNotices, formatSbom } from './scripts/bundled-packages.ts';

// One CommonJS file: it starts fastest, and a single executable needs it. Everything is bundled, so
// that a dependency's `engines` never reaches a user.
export default defineConfig({
  entry: { cli: 'src/cli/index.ts' },
  format: 'cjs',
  outExtension: () => ({ js: '.cjs' }),
  target: 'node20',
  platform: 'node',
  noExternal: [/.*/],
  splitting: false,
  clean: true,
  minify: true,
  // Without a limit a crash prints the whole bundle as one source line.
  esbuildOptions: (options) => {
    options.lineLimit = 200;
    options.legalComments = 'none';
  },
  // Every copy of the bundle says what is in it.
  esbuildPlugins: [
    {
      name: 'list-bundled-packages',
      setup({ initialOptions: { outdir = 'dist' }, onEnd }) {
        onEnd(({ metafile }) => {
          if (!metafile) return;
          const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
          const packages = bundledPackages(metafile, process.cwd());
          // It may run before the folder of a first build is there.
          mkdirSync(outdir, { recursive: true });
          writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES.txt'), formatNotices(packages));
          writeFileSync(join(outdir, 'sbom.cdx.json'), formatSbom(packages, manifest));
        });
      },
    },
  ],
});
