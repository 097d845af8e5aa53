import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../src/workers/outbox.ts';
import { createStreamWire, writeMessage } from '../../src/workers/stream-wire.ts';

const id = fc.nat();
const said = fc.tuple(fc.string(), fc.jsonValue({ noUnicodeString: false }), id);
const line = fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.stringify({ value }));

const message: fc.Arbitrary<Message> = fc.record({
  said: fc.array(said),
  answers: fc.array(fc.tuple(id, fc.jsonValue())),
  turn: id,
  confirmed: fc.array(id),
  texts: fc.array(line),
});

/** Hands bytes in, whatever is written to it. */
function createStream(): Duplex {
  return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
}

describe('createStreamWire', () => {
  test('messages arrive whole, in whatever pieces their bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message),
        fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
        async (sent, sizes) => {
          const stream = createStream();
          const heard: Message[] = [];
          createStreamWire(stream).receive((each) => heard.push(each));
          const bytes = Buffer.from(sent.map(writeMessage).join(''));
          for (let at = 0; at < bytes.length; ) {
            const { value: size } = sizes.next();
            stream.push(bytes.subarray(at, at + size));
            at += size;
          }
          stream.push(null);
          await new Promise((resolve) => stream.once('end', resolve).resume());
          assert.deepEqual(heard, JSON.parse(JSON.stringify(sent)));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('nothing is written to who is gone, and nobody trips over it', () => {
    const stream = createStream();
    const wire = createStreamWire(stream);
    stream.destroy(new Error('EPIPE'));
    wire.send({ said: [], answers: [], turn: 0, confirmed: [], texts: [] });
  });
});
