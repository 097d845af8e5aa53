// Bundles src/ui/browser into one HTML text without outside references.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const BROWSER = fileURLToPath(new URL('../src/ui/browser/', import.meta.url));

/** The page, and what esbuild tells of it. */
export async function buildPage(): Promise<{ html: string; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${BROWSER}index.ts`, `${BROWSER}style.css`],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: ['chrome111', 'firefox113', 'safari16.4'],
    legalComments: 'none',
    outdir: 'page',
  });
  const textOf = (ending: string) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? '';
  const script = textOf('.js').replaceAll('</script', '<\\/script');
  const html = readFileSync(`${BROWSER}page.html`, 'utf8')
    .replace('/* style */', () => textOf('.css'))
    .replace('/* script */', () => script);
  return { html, metafile };
}
