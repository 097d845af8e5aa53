import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { fillSection } from '../scripts/docs/fill-section.ts';
import { CASES } from '../scripts/docs/translation-cases.ts';
import { translationTables } from '../scripts/docs/translation-tables.ts';
import { loadCatalog } from '../src/catalog/load-catalog.ts';
import { loadConfig } from '../src/config/load.ts';
import { configSchema } from '../src/config/schema.ts';
import { ERRORS } from '../src/core/gateway-error.ts';
import { formats } from '../src/dialects/index.ts';
import { OPERATION_NAMES, operationFacts } from '../src/dialects/operation.ts';
import { providerTypes } from '../src/providers/index.ts';
import { DIALECT_OPERATIONS } from '../src/providers/provider-settings.ts';
import { SUFFIXES } from '../src/routing/profiles.ts';
import { surfaces } from '../src/surfaces/index.ts';
import { RATE_ROWS } from '../src/usage/rate-table.ts';
import { listFences, readDocuments } from './support/doc-commands.ts';
import { fakeEnvironment } from './support/fake-environment.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const readme = read('README.md');
const exampleConfig = read('config.example.yaml');

const documents = readDocuments();

/** The words that stand nowhere in the text as whole words. */
function missingFrom(text: string, words: Iterable<string>): string[] {
  return [...words].filter((word) => !standsIn(text, word));
}

function standsIn(text: string, word: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`).test(text);
}

const yamlFences = listFences(documents).filter(({ language }) => language === 'yaml');

/** Pages whose YAML is another program's. */
const FOREIGN = ['docs/clients/continue.md'];

describe('documents', () => {
  test('every provider type is in the README', () => {
    assert.deepEqual(missingFrom(readme, Object.keys(providerTypes)), []);
  });

  test('every surface, dialect and wire format is in the README', () => {
    const ids = [surfaces, DIALECT_OPERATIONS, formats].flatMap(Object.keys);
    assert.deepEqual(missingFrom(readme, ids), []);
  });

  test('every operation is in the README with its route', () => {
    const undocumented = OPERATION_NAMES.filter((operation) => {
      const { path, format } = operationFacts(operation);
      return !readme.includes(`${path}\` | \`${operation}\` | \`${format}\` |`);
    });
    assert.deepEqual(undocumented, []);
  });

  test('every error code is in the README, and a sent one beside its status', () => {
    assert.deepEqual(missingFrom(readme, Object.keys(ERRORS)), []);
    const wrong = [...readme.matchAll(/^\| (\d{3}) \| (`.*?`) \|/gm)].flatMap(
      ([, status = '', codes = '']) =>
        [...codes.matchAll(/`(\w+)`/g)].filter(
          ([, code = '']) => ERRORS[code as keyof typeof ERRORS]?.status !== Number(status),
        ),
    );
    assert.deepEqual(wrong, []);
  });

  test('every command is in the README', () => {
    const sources = readdirSync(join(ROOT, 'src/cli')).map((file) => read(join('src/cli', file)));
    const commands = sources.flatMap((source) =>
      [...source.matchAll(/\.command\('(\w+)'/g)].map(([, name = '']) => name),
    );
    assert.ok(commands.includes('serve'));
    assert.deepEqual(missingFrom(readme, commands), []);
  });

  test('every suffix is in the README', () => {
    const words = SUFFIXES.map((suffix) => `:${suffix}`);
    assert.deepEqual(
      words.filter((word) => !readme.includes(word)),
      [],
    );
  });

  test('every top-level key and every price is in the README or the example config', () => {
    const prices = RATE_ROWS.flatMap(([, { key }]) => key?.split('.').at(-1) ?? []);
    const keys = [...Object.keys(configSchema.shape), ...prices];
    assert.deepEqual(missingFrom(`${readme}\n${exampleConfig}`, keys), []);
  });

  test('relative links lead to files and headings that exist', () => {
    const broken = [...documents].flatMap(([document, text]) =>
      [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !leadsSomewhere(document, link))
        .map((link) => `${document}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  test('configs in code fences can be used as they stand', async () => {
    const wholes = yamlFences.filter(
      ({ text }) => /^providers:/m.test(text) && /^models:/m.test(text),
    );
    assert.ok(wholes.length > 0);
    for (const { document, text } of wholes) {
      const { problems } = await loadCatalog({ text, environment: fakeEnvironment(text) });
      const errors = problems.filter(({ severity }) => severity === 'error');
      assert.deepEqual(errors, [], `${document}:\n${text}`);
    }
  });

  test('parts of configs in code fences hold no unknown key', () => {
    const parts = yamlFences.filter(({ text }) => firstKey(text) in configSchema.shape);
    assert.ok(parts.length > 0);
    for (const { document, text } of parts) {
      const { problems } = loadConfig(text, fakeEnvironment(text));
      const unknown = problems.filter(({ message }) => message.startsWith('unknown key'));
      assert.deepEqual(unknown, [], `${document}:\n${text}`);
    }
  });

  test('every YAML block is a config, a part of one, or a file of another program', () => {
    const strange = yamlFences.filter(({ text }) => !(firstKey(text) in configSchema.shape));
    assert.deepEqual(
      strange.map(({ document }) => document),
      FOREIGN,
    );
    for (const { text } of strange) assert.deepEqual(parseDocument(text).errors, []);
  });

  test('every provider type has a page', () => {
    const pages = Object.keys(providerTypes).map(
      (id) => `docs/providers/${id.toLowerCase().replaceAll('_', '-')}.md`,
    );
    assert.deepEqual(
      pages.filter((page) => !documents.get(page)?.startsWith('# ') || !readme.includes(page)),
      [],
    );
  });

  test('JSON in code fences is JSON', () => {
    for (const text of documents.values()) {
      for (const [, json = ''] of text.matchAll(/^```json\n(.*?)^```$/gms)) {
        assert.doesNotThrow(() => JSON.parse(json), json);
      }
    }
  });

  test('the architecture page has the table of who may import whom', () => {
    const page = documents.get(join('docs', 'architecture.md')) ?? '';
    const rows = [...page.matchAll(/^\| `([\w.]+)` \| [^|]+ \| ([^|]+) \|$/gm)];
    const documented = rows.map(([, folder = '', imports = '']) => [
      folder,
      imports === '–' ? [] : imports.split(', ').sort(),
    ]);
    assert.deepEqual(Object.fromEntries(documented), readImportTable());
  });

  test('the translation page tells what the code does between each two dialects', () => {
    const text = read('docs/translation.md');
    const written = fillSection(text, 'translation', translationTables());
    assert.equal(text, written, 'run `npm run docs`');
  });

  test('the translation page has cases of every dialect, and none that is merely malformed', () => {
    assert.deepEqual(Object.keys(CASES).sort(), Object.keys(DIALECT_OPERATIONS).sort());
    assert.doesNotMatch(read('docs/translation.md'), /refused: `invalid_/);
  });
});

function firstKey(yaml: string): string {
  return /^(\w+):/.exec(yaml)?.[1] ?? '';
}

function leadsSomewhere(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(ROOT, document) : resolve(ROOT, dirname(document), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
}

/** The anchors that the headings of a page get where it is rendered. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** The table that the architecture test holds, read from its source so that it does not run here. */
function readImportTable(): Record<string, string[]> {
  const source = read('test/architecture.test.ts');
  const quoted = (text: string) => [...text.matchAll(/'([\w.]+)'/g)].map(([, word = '']) => word);
  const leaves = quoted(/LEAVES = \[(.*?)\]/s.exec(source)?.[1] ?? '');
  const table = /MAY_IMPORT[^{]*\{(.*?)\n\};/s.exec(source)?.[1] ?? '';
  return Object.fromEntries(
    [...table.matchAll(/^ {2}'?([\w.]+)'?: \[(.*?)\]/gms)].map(([, folder = '', list = '']) => [
      folder,
      [...(list.includes('...LEAVES') ? leaves : []), ...quoted(list)].sort(),
    ]),
  );
}
