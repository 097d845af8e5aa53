import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { spanOf } from '../../src/dialects/data-span.ts';
import { createEventMould } from '../../src/dialects/event-mould.ts';
import {
  createMemberScanner,
  createNameMatcher,
  isObjectMember,
} from '../../src/dialects/scan-members.ts';
import { createEventSplitter } from '../../src/dialects/stream-events.ts';

const match = createNameMatcher({
  counted: { text: [4], thinking: [4] },
  met: { index: [3], usage: [1] },
  ignored: { sequence_number: [1], padding: [1] },
});

/** A scanner, what it has counted, and how many members it was shown. */
function createProbe() {
  const seen = { contentBytes: 0, met: 0 };
  const scan = createMemberScanner(match, seen, (member) => {
    seen.met += 1;
    return isObjectMember(member);
  });
  return { scan, seen };
}

const text = fc.oneof(
  fc.string(),
  fc.string({ maxLength: 200, unit: fc.constantFrom('"', '\\', 'é', '😀', '{', 'x') }),
);

/** Events as an API writes them: mostly alike, now and then of another shape. */
const event = fc
  .record({
    sequence_number: fc.nat({ max: 300 }),
    index: fc.constantFrom(0, 0, 0, 1),
    text,
    padding: text,
    usage: fc.constantFrom(null, null, null, {}),
    shape: fc.constantFrom('text', 'text', 'text', 'thinking', 'both', 'neither'),
  })
  .map(({ sequence_number, index, text: said, padding, usage, shape }) => {
    const delta = {
      ...((shape === 'text' || shape === 'both') && { text: said }),
      ...((shape === 'thinking' || shape === 'both') && { thinking: padding }),
    };
    return JSON.stringify({ sequence_number, choices: [{ index, delta }], usage, padding });
  });

/** Some are no JSON any more. */
const bytes = fc
  .tuple(event, fc.option(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.boolean()), { freq: 5 }))
  .map(([json, damage]) => {
    const whole = Buffer.from(json);
    if (damage === null) return whole;
    const [place, byte, isCut] = damage;
    const at = place % whole.length;
    if (isCut) return whole.subarray(0, at);
    whole[at] = byte;
    return whole;
  });

describe('createEventMould', () => {
  test('a scanner finds in each event what one finds that knows no other', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 30 }), (events) => {
        const { scan, seen } = createProbe();
        for (const data of events) {
          const fresh = createProbe();
          const before = seen.contentBytes;
          assert.equal(scan(spanOf(data)), fresh.scan(spanOf(data)), String(data));
          assert.equal(seen.contentBytes - before, fresh.seen.contentBytes, String(data));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('events of one chunk that are alike are shown once, whatever their texts are', () => {
    const said = ['Hi', '', ' "you"', '\\', 'x'.repeat(500), '{"usage":{}}'];
    const chunk = said
      .map((each, index) => {
        const choices = [{ index: 0, delta: { text: each } }];
        return `data: ${JSON.stringify({ sequence_number: 8 + index, choices, padding: each })}\n\n`;
      })
      .join('');
    const { scan, seen } = createProbe();
    for (const each of createEventSplitter('sse').push(Buffer.from(chunk))) scan(each);
    const written = said.map((each) => Buffer.byteLength(JSON.stringify(each)) - 2);
    assert.equal(
      seen.contentBytes,
      written.reduce((sum, length) => sum + length, 0),
    );
    assert.equal(seen.met, 1);
  });

  test('what is worth parsing is found again each time', () => {
    const { scan } = createProbe();
    const data = spanOf(Buffer.from('{"choices":[{"delta":{"text":"a"}}],"usage":{}}'));
    assert.deepEqual([scan(data), scan(data), scan(data)], [true, true, true]);
  });

  test('a stream whose events are not alike is no longer remembered', () => {
    const mould = createEventMould();
    const [one, other] = [spanOf(Buffer.from('{"a":1}')), spanOf(Buffer.from('{"b":1}'))];
    for (let round = 0; round < 8; round += 1) {
      for (const each of [one, other]) {
        assert.equal(mould.fit(each), null);
        mould.cast(each, []);
      }
    }
    assert.equal(mould.fit(other), 0);
    for (let round = 0; round < 20; round += 1) mould.cast(round % 2 === 0 ? one : other, []);
    assert.equal(mould.fit(other), null);
  });

  test('an event longer than any API needs for a text is not kept', () => {
    const mould = createEventMould();
    const long = spanOf(Buffer.from(JSON.stringify({ a: 'x'.repeat(3000) })));
    mould.cast(long, []);
    assert.equal(mould.fit(long), null);
  });
});
