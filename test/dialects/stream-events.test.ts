import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dataOf } from '../../src/dialects/data-span.ts';
import { createEventSplitter, type Framing } from '../../src/dialects/stream-events.ts';

/** Splits the bytes at the given places and returns what the splitter made of them. */
function split(framing: Framing, bytes: Buffer, cuts: readonly number[]) {
  const splitter = createEventSplitter(framing);
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  const events = places
    .slice(1)
    .flatMap((end, index) => splitter.push(Buffer.from(bytes.subarray(places[index], end))));
  const end = splitter.end();
  return {
    data: [...events, ...(end.event ? [end.event] : [])].map((event) => dataOf(event).toString()),
    joined: Buffer.concat([
      ...events.map(({ bytes, start, end }) => bytes.subarray(start, end)),
      end.rest,
    ]),
    whole: end.whole,
  };
}

const STREAMS: Record<string, { framing: Framing; text: string; data: string[] }> = {
  'LF line ends': {
    framing: 'sse',
    text: 'data: {"a":"é😀"}\n\n: ping\n\nevent: x\ndata: {"b":2}\nid: 1\n\ndata: [DONE]\n\n',
    data: ['{"a":"é😀"}', '', '{"b":2}', '[DONE]'],
  },
  'CRLF line ends': {
    framing: 'sse',
    text: 'data: {"a":1}\r\n\r\nevent: x\r\ndata: {"b":2}\r\n\r\n',
    data: ['{"a":1}', '{"b":2}'],
  },
  'CR line ends': {
    framing: 'sse',
    text: 'data: {"a":1}\r\rdata: {"b":2}\r\rdata: {"c":3}\r\r',
    data: ['{"a":1}', '{"b":2}', '{"c":3}'],
  },
  'data of several lines, a byte order mark, no space behind the colon': {
    framing: 'sse',
    text: '\ufeffdata:{"a":\ndata: 1}\n\ndata:{"b":2}\n\n',
    data: ['{"a":\n1}', '{"b":2}'],
  },
  'data of several lines that end with CR': {
    framing: 'sse',
    text: 'data: {"a":\rdata:1}\r\rid: 1\rdata: {\rdata: "b":2}\r\r\n',
    data: ['{"a":\n1}', '{\n"b":2}'],
  },
  'a last event without its blank line': {
    framing: 'sse',
    text: 'data: {"a":1}\n\ndata: [DONE]',
    data: ['{"a":1}', '[DONE]'],
  },
  'a JSON array': {
    framing: 'json-array',
    text: '[{"a":"]}\\"é"}\n,\r\n{"b":[{"c":{}}]}\n]\n',
    data: ['{"a":"]}\\"é"}', '{"b":[{"c":{}}]}'],
  },
  'one JSON object in the place of an array': {
    framing: 'json-array',
    text: '\n{"a":[{"b":"]}"}]}\n',
    data: ['{"a":[{"b":"]}"}]}'],
  },
};

describe('stream events', () => {
  for (const [name, { framing, text, data }] of Object.entries(STREAMS)) {
    test(`X-34: ${name} give the same events wherever the bytes are cut`, () => {
      const bytes = Buffer.from(text);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const result = split(framing, bytes, [cut]);
        assert.deepEqual(result.data, data, `cut at ${cut}`);
        assert.ok(result.joined.equals(bytes), `cut at ${cut}`);
        assert.ok(result.whole);
      }
      const everywhere = split(
        framing,
        bytes,
        Array.from(bytes, (_, index) => index),
      );
      assert.deepEqual(everywhere.data, data);
    });
  }

  test('random cuts of random events lose and change nothing', () => {
    const event = fc.record({
      payload: fc.jsonValue(),
      terminator: fc.constantFrom('\n\n', '\r\n\r\n', '\n\r\n', '\r\r'),
    });
    fc.assert(
      fc.property(fc.array(event), fc.array(fc.nat()), (events, cuts) => {
        const text = events
          .map(({ payload, terminator }) => `data: ${JSON.stringify(payload)}${terminator}`)
          .join('');
        const bytes = Buffer.from(text);
        const result = split(
          'sse',
          bytes,
          cuts.map((cut) => cut % (bytes.length + 1)),
        );
        assert.deepEqual(
          result.data,
          events.map(({ payload }) => JSON.stringify(payload)),
        );
        assert.ok(result.joined.equals(bytes));
      }),
    );
  });

  test('an event of very many data lines takes no longer than its bytes are long', () => {
    const lines = Array.from({ length: 200_000 }, (_, index) => String(index % 10));
    const bytes = Buffer.from(`${lines.map((line) => `data: ${line}\n`).join('')}\n`);
    const startedMs = performance.now();
    assert.deepEqual(split('sse', bytes, []).data, [lines.join('\n')]);
    assert.ok(performance.now() - startedMs < 5_000);
  });

  test('FAI-6: bytes that end inside an event are not whole', () => {
    for (const [framing, text] of [
      ['sse', 'data: {"a":1}\n\ndata: {"b":'],
      ['json-array', '[{"a":1},{"b":'],
      ['json-array', '[{"a":1}\n'],
      ['json-array', '{"a":[1'],
      ['json-array', 'a'],
    ] as const) {
      assert.equal(split(framing, Buffer.from(text), []).whole, false, text);
    }
  });
});
