import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { type BuildFacts, readBuildFacts } from '../scripts/build-facts.ts';
import { configurationReference } from '../scripts/docs/configuration-reference.ts';
import { fillSection } from '../scripts/docs/fill-section.ts';
import { installedRows, parseInstalled } from '../scripts/docs/installed-table.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REMEDY = 'run `npm run docs`';

/** A size in docs/packages.md may lag behind the sources by this share, or by a few kilobytes. */
const TOLERANCE = 0.15;
const TOLERANCE_KB = 25;

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

describe('package', () => {
  let folder = '';
  let facts: BuildFacts = { packages: [], bundleBytes: 0 };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-build-'));
    const tsup = join(ROOT, 'node_modules', 'tsup', 'dist', 'cli-default.js');
    const built = spawnSync(process.execPath, [tsup, '--silent', '--out-dir', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    assert.equal(built.status, 0, built.stderr);
    facts = readBuildFacts(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('a user installs one package, and nothing runs while it is installed', () => {
    const { dependencies, optionalDependencies, peerDependencies, scripts } = {
      dependencies: {},
      optionalDependencies: {},
      peerDependencies: {},
      ...(manifest as Record<string, unknown>),
    } as Record<string, Record<string, string>>;
    assert.deepEqual([dependencies, optionalDependencies, peerDependencies], [{}, {}, {}]);
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
    assert.deepEqual(
      Object.keys(scripts ?? {}).filter((name) => hooks.includes(name)),
      [],
    );
  });

  test('a page lists what is bundled, with versions, licences and sizes', () => {
    const told = parseInstalled(read('docs/packages.md'));
    const found = installedRows(facts.packages, facts.bundleBytes, manifest);
    const names = (rows: typeof found) =>
      rows.map(({ name, version, license }) => `${name} ${version} ${license}`).sort();
    assert.deepEqual(names(told), names(found), REMEDY);
    for (const { name, kilobytes } of told) {
      const actual = found.find((row) => row.name === name)?.kilobytes ?? 0;
      const allowed = Math.max(actual * TOLERANCE, TOLERANCE_KB);
      assert.ok(Math.abs(kilobytes - actual) <= allowed, `${name}: ${actual} KB; ${REMEDY}`);
    }
  });

  test('every bundled package comes with its licence', () => {
    const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const { name, version, license } of facts.packages) {
      assert.ok(notices.includes(`${name} ${version} (${license})`), name);
      assert.match(license, /^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD)$/, name);
    }
    assert.doesNotMatch(notices, /^Licensed under/m, 'a package without the text of its licence');
  });

  test('the package holds what it needs and nothing else', () => {
    const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    const [{ files }] = JSON.parse(packed.stdout);
    const surplus = files
      .map(({ path }: { path: string }) => path)
      .filter(
        (path: string) =>
          !/^(bin|dist|docs)\/|^(README|CHANGELOG|SECURITY)\.md$|^LICENSE$|^package\.json$|^config\.example\.yaml$/.test(
            path,
          ),
      );
    assert.deepEqual(surplus, []);
    const code = facts.bundleBytes - listBytes(facts);
    assert.ok(code < 3_000_000, `${code} bytes without the price list`);
  });

  test('starts whatever its home is, and keeps compiled code where nobody else can write', () => {
    const installed = join(folder, 'installed');
    mkdirSync(installed);
    symlinkSync(folder, join(installed, 'dist'));
    const bin = join(installed, 'bin', 'signalbox.js');
    cpSync(join(ROOT, 'bin'), join(installed, 'bin'), { recursive: true });
    writeFileSync(join(installed, 'package.json'), '{"type":"module"}');
    const cache = join(folder, 'cache');
    mkdirSync(cache);
    // A folder cannot be made in /proc, and Node's own way of making it would try for ever.
    for (const env of [{ XDG_CACHE_HOME: cache }, { HOME: '/proc' }, { HOME: '/dev/null' }]) {
      const options = { env, encoding: 'utf8', timeout: 60_000 } as const;
      const { stdout, stderr } = spawnSync(process.execPath, [bin, '--version'], options);
      assert.equal(stdout, `${manifest.version}\n`, stderr);
    }
    const code = join(cache, 'signalbox', 'code');
    assert.equal(existsSync(code), 'enableCompileCache' in module);
    if (existsSync(code)) assert.equal(statSync(code).mode & 0o777, 0o700);
  });

  test('docs/configuration.md is what the schema says', () => {
    const text = read('docs/configuration.md');
    assert.equal(text, fillSection(text, 'configuration', configurationReference()), REMEDY);
  });
});

function listBytes({ packages }: BuildFacts): number {
  return packages.find(({ name }) => name === '@pydantic/genai-prices')?.bytes ?? 0;
}
