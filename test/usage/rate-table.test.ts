import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TOKEN_BUCKETS, UNIT_KINDS } from '../../src/core/token-usage.ts';
import { RATE_GROUPS, RATE_ROWS, TOKEN_ROWS, UNIT_ROWS } from '../../src/usage/rate-table.ts';

describe('RATES', () => {
  test('MON-3 every bucket and every unit has exactly one row', () => {
    assert.deepEqual(TOKEN_ROWS.map(({ counts }) => counts).sort(), [...TOKEN_BUCKETS].sort());
    assert.deepEqual(UNIT_ROWS.map(({ counts }) => counts).sort(), [...UNIT_KINDS].sort());
  });

  test('a fallback stands above the rows that use it', () => {
    const above = new Set<string>();
    for (const [name, { fallback, coveredBy }] of RATE_ROWS) {
      for (const other of [fallback, coveredBy]) {
        if (other !== undefined) assert.ok(above.has(other), `${name} uses ${other}`);
      }
      above.add(name);
    }
  });

  test('every key explains itself, and its group too', () => {
    for (const [name, { key, about }] of RATE_ROWS) {
      assert.equal(key === undefined, about === undefined, name);
      const [group = '', member] = (key ?? '').split('.');
      if (member !== undefined) assert.ok(RATE_GROUPS[group], name);
    }
  });

  test('a price that is multiplied into its rate stays whole', () => {
    for (const [name, { per = 1000n, keyBuys = per }] of RATE_ROWS) {
      assert.equal(per % keyBuys, 0n, name);
    }
  });
});
