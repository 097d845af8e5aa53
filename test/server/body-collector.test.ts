import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createBodyCollector } from '../../src/server/body-collector.ts';

describe('createBodyCollector', () => {
  test('the pieces become one, however many there are and whatever length was announced', () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 8 });
    const factor = fc.constantFrom(1, 100, 5000);
    const announced = fc.constantFrom('nothing', 'the length');
    fc.assert(
      fc.property(pieces, factor, announced, (short, times, said) => {
        const sent = short.map((piece) => Buffer.concat(Array(times).fill(piece)));
        const expected = Buffer.concat(sent);
        const collector = createBodyCollector(said === 'nothing' ? 0 : expected.length);
        for (const piece of sent) collector.add(Buffer.from(new Uint8Array(piece).buffer));
        assert.ok(collector.whole().equals(expected));
      }),
      { numRuns: 300 },
    );
  });

  test('a body of one piece is not copied', () => {
    const piece = Buffer.from('{"model":"m"}');
    const collector = createBodyCollector(piece.length);
    collector.add(piece);
    assert.equal(collector.whole(), piece);
  });

  test('the memory of each piece is free once it has been copied', () => {
    const collector = createBodyCollector(200_000);
    for (let index = 0; index < 2; index += 1) {
      const piece = Buffer.allocUnsafeSlow(100_000).fill(index);
      collector.add(piece);
      assert.equal(piece.length, 0);
    }
    const whole = collector.whole();
    assert.equal(whole.length, whole.buffer.byteLength);
    assert.equal(whole.length, 200_000);
  });

  for (const announced of [0, 16 * 1024 * 1024]) {
    test(`a body of 16 MB is moved a few times while it grows, ${announced} bytes announced`, () => {
      const collector = createBodyCollector(announced);
      const rooms = new Set<ArrayBufferLike>();
      for (let index = 0; index < 256; index += 1) {
        collector.add(Buffer.allocUnsafeSlow(64 * 1024).fill(index));
        rooms.add(collector.whole().buffer);
      }
      assert.ok(rooms.size <= 9, String(rooms.size));
      const whole = collector.whole();
      assert.equal(whole.length, 16 * 1024 * 1024);
      for (let index = 0; index < 256; index += 1) assert.equal(whole[index * 64 * 1024], index);
    });
  }

  test('what a client announces without sending it takes little memory', () => {
    const collector = createBodyCollector(64 * 1024 * 1024);
    collector.add(Buffer.from('{'));
    assert.ok(collector.whole().buffer.byteLength <= 4 * 1024 * 1024);
  });
});
