import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BundledPackage } from './bundled-packages.ts';

/** What is known of a built bundle. */
export interface BuildFacts {
  packages: BundledPackage[];
  bundleBytes: number;
}

/** Reads back what a build wrote into its folder. */
export function readBuildFacts(folder: string): BuildFacts {
  const { components } = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
  return {
    packages: components.map(toPackage),
    bundleBytes: readdirSync(folder)
      .filter((name) => name.endsWith('.cjs'))
      .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0),
  };
}

interface Component {
  name: string;
  version: string;
  licenses: { license?: { id: string }; expression?: string }[];
  properties: { name: string; value: string }[];
}

function toPackage({ name, version, licenses, properties }: Component): BundledPackage {
  const [licence] = licenses;
  const license = licence?.expression ?? licence?.license?.id ?? '';
  return { name, version, license, text: '', bytes: Number(properties[0]?.value) };
}
