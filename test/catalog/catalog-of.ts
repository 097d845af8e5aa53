import assert from 'node:assert/strict';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { type CatalogInput, loadCatalog } from '../../src/catalog/load-catalog.ts';

/** The catalog of a config that has no errors. */
export async function catalogOf(text: string, input: Partial<CatalogInput> = {}): Promise<Catalog> {
  const { catalog, problems } = await loadCatalog({ environment: {}, ...input, text });
  assert.ok(catalog, problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return catalog;
}

/** What is said about a config, as `severity path: message`. */
export async function problemsOf(
  text: string,
  input: Partial<CatalogInput> = {},
): Promise<string[]> {
  const { problems } = await loadCatalog({ environment: {}, ...input, text });
  return problems.map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
}
