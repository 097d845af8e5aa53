import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oddMembers, space, writeObject } from '../support/odd-json.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { WIRES } from '../support/wires.ts';

const oddObject = fc.tuple(oddMembers('error', 'type', 'object'), space()).map(writeObject);

/** The members of which an answer has one at least, each in its API. */
const ANSWERS = ['choices', 'output', 'content', 'candidates'];

const oddAnswer = fc
  .tuple(oddMembers('error', ...ANSWERS), space())
  .map(([odd, gap]) =>
    writeObject([[...odd, ...ANSWERS.map((name) => [name, '[]'] as const)], gap]),
  );

/** Events that a reader must pass on although it knows nothing of them. */
const oddEvent = fc
  .record({
    head: fc.constantFrom(
      '',
      ': keep-alive\n',
      'id: 7\n',
      'event: ping\n',
      'retry: 10\n',
      '\uFEFF',
    ),
    payload: oddObject.filter((text) => !/[\r\n]/.test(text)),
    gap: fc.constantFrom('', ' '),
    lineEnd: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ head, payload, gap, lineEnd }) =>
    `${head}data:${gap}${payload}\n\n`.replaceAll('\n', lineEnd),
  );

/** A text in pieces, cut at these places wherever they fall. */
function cut(bytes: Buffer, places: number[]): Buffer[] {
  const at = places.map((place) => place % bytes.length).sort((a, b) => a - b);
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length));
}

describe('an answer on its way to the client', () => {
  for (const wire of WIRES) {
    test(`RES-6: any plain ${wire.name} answer arrives as the upstream wrote it`, async (t) => {
      let answer: FakeAnswer = {};
      const upstream = await fakeUpstream(t, () => answer);
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const request = wire.request('m');
      const property = fc.asyncProperty(oddAnswer, fc.array(fc.nat()), async (text, places) => {
        const body = Buffer.from(text);
        answer = { body: cut(body, places) };
        const response = await proxy.post(wire.path('m'), request);
        assert.equal(response.status, 200);
        assert.deepEqual(Buffer.from(await response.arrayBuffer()), body);
      });
      await fc.assert(property, { numRuns: 30 });
    });

    test(`RES-6: any ${wire.name} stream arrives as the upstream wrote it, however it is cut`, async (t) => {
      let answer: FakeAnswer = {};
      const upstream = await fakeUpstream(t, () => answer);
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const request = wire.request('m', true);
      const noise = fc.array(oddEvent, { maxLength: 3 });
      const property = fc.asyncProperty(
        fc.tuple(noise, noise),
        fc.array(fc.nat(), { maxLength: 5 }),
        async ([before, between], places) => {
          const [first, ...rest] = wire.events;
          const body = Buffer.from([...before, first, ...between, ...rest].join(''));
          const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
          answer = { headers, body: cut(body, places) };
          const response = await proxy.post(wire.path('m', true), request);
          assert.equal(response.headers.get('content-type'), headers['content-type']);
          assert.deepEqual(Buffer.from(await response.arrayBuffer()), body);
        },
      );
      await fc.assert(property, { numRuns: 30 });
    });
  }
});
