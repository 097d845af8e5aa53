import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

const MEBIBYTE = 1024 * 1024;
const TOTAL = 96 * MEBIBYTE;

/** What the kernel keeps on the two loopback connections is its own affair; ours is far less. */
const MAX_IN_BETWEEN = 24 * MEBIBYTE;

/** Repeats an event in the middle of the stream until the total is written, as fast as it is read. */
async function writeLong(wire: Wire, response: ServerResponse, count: (bytes: number) => void) {
  const opening = wire.events.slice(0, wire.eventsToFirstWord);
  const word = Buffer.from((opening.at(-1) ?? '').replace(/Hello|Hel/, 'x'.repeat(60 * 1024)));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(opening.join(''));
  for (let written = 0; written < TOTAL; written += word.length) {
    count(word.length);
    if (!response.write(word)) await once(response, 'drain');
  }
  response.end(wire.events.slice(wire.eventsToFirstWord).join(''));
}

describe('a client that stops reading', () => {
  for (const wire of WIRES) {
    test(`FAI-7: it stops the reading of a ${wire.name} upstream, and gets every byte when it goes on`, async (t) => {
      let written = 0;
      const upstream = await fakeUpstream(t, (_request, response) => {
        void writeLong(wire, response, (bytes) => {
          written += bytes;
        });
        return undefined;
      });
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const headers = { 'content-type': 'application/json' };
      const sent = request(proxy.url + wire.path('m', true), { method: 'POST', headers });
      sent.end(JSON.stringify(wire.request('m', true)));
      const [response] = (await once(sent, 'response')) as [IncomingMessage];

      // Nobody reads the response: the upstream comes to a stand long before its end.
      let last = -1;
      await eventually('the upstream to stand still', async () => {
        const stands = written === last && written > 0;
        last = written;
        await pause(100);
        return stands;
      });
      assert.ok(written < MAX_IN_BETWEEN, `${written} bytes were taken`);
      assert.deepEqual(await proxy.ledger(), []);

      let read = 0;
      let end = '';
      for await (const chunk of response) {
        read += (chunk as Buffer).length;
        end = chunk.toString('utf8').slice(-200);
      }
      assert.ok(read > TOTAL);
      assert.ok(end.endsWith((wire.events.at(-1) ?? '').slice(-100)));
      const [line] = await proxy.ledger();
      assert.deepEqual([line?.['usage_source'], line?.['error_code']], ['reported', undefined]);
    });
  }
});
