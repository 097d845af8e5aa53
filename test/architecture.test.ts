import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

const LEAVES = ['core', 'secrets', 'usage', 'dialects', 'routing', 'policies', 'upstream'];

/** Which folders the files of a folder may import (docs/architecture.md). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  secrets: ['core'],
  usage: ['core'],
  dialects: ['core'],
  routing: ['core'],
  policies: ['core'],
  upstream: ['core'],
  providers: ['core', 'dialects'],
  surfaces: ['core', 'dialects'],
  metrics: ['core', 'usage'],
  simulator: ['core', 'dialects'],
  ui: [],
  config: ['core', 'secrets', 'usage', 'providers', 'policies', 'routing'],
  catalog: ['core', 'config', 'dialects', 'secrets', 'usage', 'providers', 'policies', 'routing'],
  importers: ['core', 'config', 'usage', 'routing'],
  pipeline: [...LEAVES, 'metrics', 'providers', 'surfaces', 'config', 'catalog'],
  server: ['core', 'catalog', 'surfaces', 'pipeline', 'usage', 'metrics', 'ui'],
  workers: ['core', 'usage', 'routing', 'policies', 'metrics', 'pipeline'],
  app: [
    ...LEAVES,
    'metrics',
    'providers',
    'config',
    'catalog',
    'pipeline',
    'server',
    'simulator',
    'workers',
  ],
  cli: ['core', 'config', 'catalog', 'secrets', 'usage', 'importers', 'pipeline', 'app'],
};

/** Packages and globals that belong to one place. */
const OWNERS: { what: RegExp; allowed: RegExp }[] = [
  { what: /from 'undici'/, allowed: /^upstream\// },
  { what: /from '(yaml|chokidar)'/, allowed: /^config\// },
  { what: /from 'commander'/, allowed: /^cli\// },
  { what: /from 'pino(-pretty)?'/, allowed: /^app\/create-logger\.ts$/ },
  { what: /from 'zod'/, allowed: /^(config|policies|providers|usage|routing)\// },
  { what: /from 'node:http'/, allowed: /^(server|simulator)\// },
  { what: /from 'node:cluster'/, allowed: /^workers\// },
  { what: /process\.env/, allowed: /^config\/env\.ts$/ },
  // A browser has its own clock.
  { what: /Date\.now|performance\.now/, allowed: /^core\/clock\.ts$|^ui\/browser\// },
  { what: /console\./, allowed: /^cli\// },
  { what: /from '(preact|htm)/, allowed: /^ui\// },
  { what: /@pydantic\/genai-prices/, allowed: /^usage\/price-list\.ts$/ },
];

const BANNED_NAMES = /^(utils?|helpers?|common|misc|types|manager|service|processor)\.ts$/;

interface SourceFile {
  /** Relative to src, with forward slashes. */
  path: string;
  text: string;
}

const files: SourceFile[] = readdirSync(SRC, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({
    path: name.split(sep).join('/'),
    text: readFileSync(join(SRC, name), 'utf8'),
  }));

function folderOf(path: string): string {
  return path.split('/')[0] ?? path;
}

function importsOf({ path, text }: SourceFile): string[] {
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, target = '']) =>
    relative(SRC, resolve(SRC, dirname(path), target))
      .split(sep)
      .join('/'),
  );
}

/** What a file imports against the table. */
function violations(file: SourceFile): string[] {
  const folder = folderOf(file.path);
  const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
  return importsOf(file)
    .filter(
      (target) =>
        !allowed.includes(folderOf(target)) &&
        !['../package.json', '../scripts/build-page.ts'].includes(target),
    )
    .map((target) => `${file.path} imports ${target}`);
}

describe('architecture', () => {
  test('every folder is in the table of who may import whom', () => {
    const folders = new Set(files.map(({ path }) => folderOf(path)));
    assert.deepEqual(
      [...folders].filter((folder) => !(folder in MAY_IMPORT)),
      [],
    );
  });

  test('folders import only what the table allows', () => {
    assert.deepEqual(files.flatMap(violations), []);
  });

  test('a planted violation is found', () => {
    const planted = { path: 'core/planted.ts', text: "import { x } from '../server/router.ts';" };
    assert.deepEqual(violations(planted), ['core/planted.ts imports server/router.ts']);
  });

  test('packages and globals are used by their one owner', () => {
    const found = files.flatMap(({ path, text }) => {
      const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
      return OWNERS.filter(({ what, allowed }) => what.test(code) && !allowed.test(path)).map(
        ({ what }) => `${path} uses ${what.source}`,
      );
    });
    assert.deepEqual(found, []);
  });

  test('files are small, and named for the one thing they hold', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 400).map(({ path }) => path);
    assert.deepEqual(long, []);
    const sizes = files.map(({ text }) => text.split('\n').length).sort((a, b) => a - b);
    const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
    assert.ok(median <= 100, `the median file has ${median} lines`);
    const banned = files.filter(({ path }) => BANNED_NAMES.test(path.split('/').at(-1) ?? ''));
    assert.deepEqual(banned, []);
  });

  test('exported things say in their first line what they promise', () => {
    const silent = files.flatMap(({ path, text }) =>
      [...text.matchAll(/(^|\n)(?!\s*\*\/)([^\n]*)\nexport (?:async )?(function|class) (\w+)/g)]
        .filter(([, , line = '']) => !line.trimEnd().endsWith('*/'))
        .map(([, , , , name]) => `${path}: ${name}`),
    );
    assert.deepEqual(silent, []);
  });
});
