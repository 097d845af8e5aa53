import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { spanOf } from '../../src/dialects/data-span.ts';
import { createEventRun } from '../../src/pipeline/event-run.ts';

const NO_DATA = spanOf(Buffer.alloc(0));

describe('createEventRun', () => {
  test('the bytes stay the same, in as few parts as there are gaps between them', () => {
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, index) => index));
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 12 });
    const kept = fc.array(fc.boolean(), { minLength: 13, maxLength: 13 });
    fc.assert(
      fc.property(cuts, kept, (places, isKept) => {
        const edges = [0, ...places.toSorted((a, b) => a - b), 100];
        const events = edges
          .slice(1)
          .map((end, index) => ({ bytes, start: edges[index] ?? 0, end, ...NO_DATA }))
          .filter((_, index) => isKept[index]);
        const runs = events.filter(({ start }, index) => events[index - 1]?.end !== start);
        const parts: Buffer[] = [];
        const run = createEventRun(parts);
        for (const event of events) run.add(event);
        run.close();
        const expected = events.map(({ start, end }) => bytes.subarray(start, end));
        assert.ok(Buffer.concat(parts).equals(Buffer.concat(expected)));
        assert.equal(parts.length, runs.length);
      }),
    );
  });

  test('events of different chunks stay apart, and nothing is no part', () => {
    const [one, other] = [Buffer.from('one'), Buffer.from('other')];
    const parts: Buffer[] = [];
    const run = createEventRun(parts);
    run.close();
    run.add({ bytes: one, start: 0, end: 3, ...NO_DATA });
    run.add({ bytes: other, start: 3, end: 5, ...NO_DATA });
    run.close();
    run.close();
    assert.deepEqual(parts.map(String), ['one', 'er']);
  });
});
