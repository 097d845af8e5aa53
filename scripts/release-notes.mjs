// node scripts/release-notes.mjs v0.2.0: the section of CHANGELOG.md for that version, which has to be package.json's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ensure-installed.mjs';

const version = (process.argv[2] ?? '').replace(/^v/, '');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
const [, ...sections] = changelog.split(/^## /m);
const notes = sections.find((section) => section.split(/[\s\]]/)[0]?.replace('[', '') === version);
if (manifest.version !== version) fail(`package.json says ${manifest.version}, not ${version}`);
if (notes === undefined) fail(`CHANGELOG.md has no section for ${version}`);
process.stdout.write(notes.slice(notes.indexOf('\n') + 1).trimStart());

function fail(message) {
  console.error(message);
  process.exit(1);
}
