import { defineConfig } from 'tsup';

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
});
