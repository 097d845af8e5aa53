import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { joinNeighbours } from '../../src/pipeline/join-neighbours.ts';

describe('joinNeighbours', () => {
  test('the bytes stay the same, in as few parts as there are gaps between them', () => {
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, index) => index));
    const cuts = fc.uniqueArray(fc.nat({ max: 100 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(
        cuts,
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        (places, kept) => {
          const ends = places.toSorted((a, b) => a - b);
          const pieces = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
          const parts = pieces.filter((_, index) => kept[index]);
          const runs = parts.filter((_, index) => {
            const last = parts[index - 1];
            return last === undefined || last.byteOffset + last.length !== parts[index]?.byteOffset;
          });
          const joined = joinNeighbours([...parts]);
          assert.ok(Buffer.concat(joined).equals(Buffer.concat(parts)));
          assert.equal(joined.length, runs.length);
        },
      ),
    );
  });

  test('parts of different memory stay apart', () => {
    const parts = [Buffer.alloc(10_000, 'a'), Buffer.alloc(10_000, 'b')];
    assert.deepEqual(joinNeighbours(parts), parts);
  });
});
