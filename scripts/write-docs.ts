// npm run docs: writes the parts of the documents that the code knows better than anybody.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { readBuildFacts } from './build-facts.ts';
import { configurationReference } from './docs/configuration-reference.ts';
import { fillSection } from './docs/fill-section.ts';
import { formatInstalled, installedRows } from './docs/installed-table.ts';
import { translationTables } from './docs/translation-tables.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function write(file: string, name: string, content: string): void {
  const path = join(ROOT, file);
  writeFileSync(path, fillSection(readFileSync(path, 'utf8'), name, content));
  process.stdout.write(`${file}: ${name}\n`);
}

const { packages, bundleBytes } = readBuildFacts(join(ROOT, 'dist'));
write(
  'docs/packages.md',
  'installed',
  formatInstalled(installedRows(packages, bundleBytes, manifest)),
);
write('docs/configuration.md', 'configuration', configurationReference());
write('docs/translation.md', 'translation', translationTables());
