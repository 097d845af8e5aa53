import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { kernelBytes } from '../support/kernel-bytes.ts';
import { serve } from '../support/start-cli.ts';
import { oneModelConfig } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

/** A word of more than the kernel takes: it stops its connection until the client reads. */
const STOPPER = 'x'.repeat(16 * 1024 * 1024);

/** More than a response takes without a wait for the drain, and less than one read of a socket. */
const WORD = 'x'.repeat(20 * 1024);

/**
 * Two calls one behind the other on a connection whose client reads nothing: the second stream has come
 * from its upstream whole, in one piece, and waits for the first.
 */
async function startUnread(t: TestContext, wire: Wire) {
  let sent = 0;
  const words = [STOPPER, WORD];
  const upstream = await fakeUpstream(t, (_request, response) => {
    const text = wire.events.join('').replace(/Hello|Hel/, words.shift() ?? '');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(text, () => {
      sent += 1;
    });
    return undefined;
  });
  const config = { ...oneModelConfig(upstream.url), server: { shutdown_grace: '50ms' } };
  const proxy = await serve(t, config);
  const client = connect(Number(new URL(proxy.url).port), '127.0.0.1').pause();
  t.after(() => client.destroy());
  await once(client, 'connect');
  const body = JSON.stringify(wire.request('m', true));
  const head = `host: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  const request = `POST ${wire.path('m', true)} HTTP/1.1\r\n${head}\r\n\r\n${body}`;
  const upstreamPort = Number(new URL(upstream.url).port);
  for (const calls of [1, 2]) {
    client.write(request);
    const hasAll = () => sent === calls && kernelBytes(upstreamPort) === 0;
    await eventually(`the proxy to have all of ${calls}`, hasAll);
  }
  return { ...proxy, client };
}

describe('a client that leaves when its answer has come from the upstream', () => {
  for (const wire of WIRES) {
    test(`FAI-5, LED-1, REL-3: a ${wire.name} stream is on the ledger, and nothing waits for it`, async (t) => {
      const { run, ledgerFile, client } = await startUnread(t, wire);
      client.destroy();
      const lines = await eventually('both lines', async () => {
        const found = (await readFile(ledgerFile, 'utf8')).trim().split('\n');
        return found.length === 2 ? found.map((line) => JSON.parse(line)) : null;
      });
      assert.ok(lines.every(({ cost_nanos_usd }) => cost_nanos_usd > 0));
      run.kill('SIGTERM');
      assert.equal(await run.exited, 0);
    });
  }
});
