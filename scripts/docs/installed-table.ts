import type { BundledPackage } from '../bundled-packages.ts';

/** What docs/packages.md says of one package that the bundle holds. */
export interface InstalledRow {
  name: string;
  version: string;
  license: string;
  kilobytes: number;
}

/** The rows, largest first, of a bundle of that many bytes; Signalbox's own code is one of them. */
export function installedRows(
  packages: readonly BundledPackage[],
  bundleBytes: number,
  product: Pick<BundledPackage, 'name' | 'version' | 'license'>,
): InstalledRow[] {
  const foreign = packages.reduce((sum, { bytes }) => sum + bytes, 0);
  const own = { ...product, bytes: bundleBytes - foreign };
  return [own, ...packages]
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ name, version, license, bytes }) => ({
      name,
      version,
      license,
      kilobytes: Math.max(1, Math.round(bytes / 1000)),
    }));
}

/** The table as Markdown. */
export function formatInstalled(rows: readonly InstalledRow[]): string {
  const lines = rows.map(
    ({ name, version, license, kilobytes }) =>
      `| \`${name}\` | ${version} | ${license} | ${kilobytes} |`,
  );
  return `| in \`dist\` | version | licence | KB |\n|---|---|---|--:|\n${lines.join('\n')}`;
}

/** The rows that a text's table holds. */
export function parseInstalled(text: string): InstalledRow[] {
  const cells = /^\| `([^`]+)` \| (\S+) \| ([^|]+) \| (\d+) \|$/gm;
  return Array.from(text.matchAll(cells), ([, name = '', version = '', license = '', size]) => ({
    name,
    version,
    license,
    kilobytes: Number(size),
  }));
}
