import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findWildcard } from '../../src/catalog/find-wildcard.ts';
import { catalogOf } from './catalog-of.ts';

const catalog = await catalogOf(`
providers: { p: { type: MOCK } }
models:
  vendor/*: { provider: p }
  vendor/large-*: { provider: p }
`);

describe('findWildcard (RES-1)', () => {
  const names: Record<string, string | undefined> = {
    'vendor/x': 'vendor/*',
    'vendor/large-x': 'vendor/large-*',
    'vendor/large-': 'vendor/*',
    'vendor/': undefined,
    'other/x': undefined,
  };
  for (const [name, wildcard] of Object.entries(names)) {
    test(`\`${name}\` is one of ${wildcard === undefined ? 'none' : `\`${wildcard}\``}`, () => {
      assert.equal(findWildcard(catalog, name)?.model.name, wildcard);
    });
  }
});
