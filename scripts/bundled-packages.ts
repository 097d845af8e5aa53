// Which packages a bundle holds, with their licences: what a user installs, to the byte.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of esbuild's metafile that is read here. https://esbuild.github.io/api/#metafile */
export interface BundleFacts {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}

/** A package inside the bundle. */
export interface BundledPackage {
  name: string;
  version: string;
  /** The SPDX id. */
  license: string;
  /** The licence itself. */
  text: string;
  /** Its share of the bundle. */
  bytes: number;
}

const PACKAGE_PATH = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//;
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;
const CODE_FILE = /\.[cm]?[jt]sx?$/;

/** The packages behind the inputs of a bundle, by name. */
export function bundledPackages({ outputs }: BundleFacts, root: string): BundledPackage[] {
  const packages = new Map<string, BundledPackage>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const [, folder, name] = PACKAGE_PATH.exec(path) ?? [];
      if (folder === undefined || name === undefined) continue;
      const known = packages.get(name) ?? readPackage(join(root, folder));
      known.bytes += bytesInOutput;
      packages.set(name, known);
    }
  }
  return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${name} names no licence`);
  const text = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file) && !CODE_FILE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
    .join('\n\n');
  return { name, version, license, text, bytes: 0 };
}

/** The licences of everything bundled, for people. */
export function formatNotices(packages: readonly BundledPackage[]): string {
  const parts = packages.map(({ name, version, license, text }) => {
    const title = `${name} ${version} (${license})`;
    return `${title}\n${'-'.repeat(title.length)}\n\n${text || `Licensed under ${license}.`}\n`;
  });
  return ['Signalbox holds the following packages. Their licences:\n', ...parts].join('\n');
}

type Named = Pick<BundledPackage, 'name' | 'version' | 'license'>;

/** The same for machines. https://cyclonedx.org/docs/1.6/json/ */
export function formatSbom(packages: readonly BundledPackage[], product: Named): string {
  const root = describeComponent(product);
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { ...root, type: 'application' } },
    components: packages.map((each) => ({
      ...describeComponent(each),
      properties: [{ name: 'bytes in the bundle', value: String(each.bytes) }],
    })),
    dependencies: [{ ref: root['bom-ref'], dependsOn: packages.map(purlOf) }],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

function describeComponent(each: Named) {
  const isExpression = / (OR|AND|WITH) /.test(each.license);
  const license = isExpression ? { expression: each.license } : { license: { id: each.license } };
  return {
    type: 'library',
    'bom-ref': purlOf(each),
    name: each.name,
    version: each.version,
    purl: purlOf(each),
    licenses: [license],
  };
}

/** https://github.com/package-url/purl-spec */
function purlOf({ name, version }: Pick<Named, 'name' | 'version'>): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
