import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { applySplices } from '../../src/dialects/splice-json.ts';
import { spliceParts } from '../../src/dialects/splice-parts.ts';

const LONG = 100_000;

describe('spliceParts', () => {
  test('RES-6: the parts of a long text are, one after the other, the spliced text', () => {
    const json = Buffer.from('x'.repeat(LONG));
    const cuts = fc.uniqueArray(fc.nat({ max: LONG }), { minLength: 1, maxLength: 6 });
    const property = fc.property(cuts, fc.string(), (places, text) => {
      const ordered = places.toSorted((a, b) => a - b);
      const splices = ordered.map((start, index) => ({
        span: { start, end: Math.min(start + 7, ordered[index + 1] ?? LONG) },
        text,
      }));
      const parts = spliceParts(json, splices.toReversed());
      assert.ok(!Buffer.isBuffer(parts));
      assert.ok(parts.every(({ length }) => length > 0));
      assert.ok(Buffer.concat(parts).equals(applySplices(json, splices)));
    });
    fc.assert(property, { numRuns: 200 });
  });

  test('a long text shares the bytes of its parts, a short one is copied', () => {
    const splices = [{ span: { start: 10, end: 20 }, text: 'new' }];
    const long = Buffer.alloc(LONG, 'x');
    const [head, rest] = spliceParts(long, splices) as Buffer[];
    assert.equal(head?.toString(), `${'x'.repeat(10)}new`);
    assert.equal(rest?.buffer, long.buffer);
    assert.ok(Buffer.isBuffer(spliceParts(Buffer.alloc(1000, 'x'), splices)));
    assert.equal(spliceParts(long, []), long);
  });
});
