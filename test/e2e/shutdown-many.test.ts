import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Agent, type ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { sendRaw } from '../support/send-raw.ts';
import { serve } from '../support/start-cli.ts';
import { oneModelConfig } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

const STREAMS = 200;
/** Of each ten streams, so many have said something, one waits for its first word, and one is no stream. */
const SILENT = 8;
const WHOLE = 9;

const wireOf = (index: number) => WIRES[index % WIRES.length] as Wire;

interface Waiting {
  wire: Wire;
  index: number;
  response: ServerResponse;
}

describe('shutdown with 200 open calls', () => {
  test('REL-3: each ends whole or with an error in its protocol, and all are on the ledger', async (t) => {
    const waiting: Waiting[] = [];
    const upstream = await fakeUpstream(t, ({ headers }, response) => {
      const index = Number(/-(\d+)$/.exec(String(headers['traceparent']))?.[1]);
      const wire = wireOf(index);
      if (index % 10 < SILENT) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(wire.events.slice(0, wire.eventsToFirstWord).join(''));
      }
      waiting.push({ wire, index, response });
      return undefined;
    });
    const server = { shutdown_grace: '3s' };
    // However long a busy machine takes, no silent stream is opened before the signal.
    const routing = { commit_after: '5m' };
    const config = { ...oneModelConfig(upstream.url), server, routing };
    const { run, url, ledgerFile } = await serve(t, config);
    const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
    let begun = 0;
    const answers = Array.from({ length: STREAMS }, async (_, index) => {
      const wire = wireOf(index);
      const isStream = index % 10 !== WHOLE;
      const answer = sendRaw(url + wire.path('m', isStream), {
        method: 'POST',
        headers: { 'content-type': 'application/json', traceparent: `call-${index}` },
        body: JSON.stringify(wire.request('m', isStream)),
        agent,
        onChunk: () => {
          begun += 1;
        },
      });
      return { wire, index, ...(await answer) };
    });
    await eventually('every call upstream', () => waiting.length === STREAMS, 30_000);
    await eventually('the words of those that speak', () => begun >= (STREAMS * SILENT) / 10);
    const askedAt = performance.now();
    run.kill('SIGTERM');
    await eventually('the port to close', () =>
      fetch(`${url}/health/live`).then(
        () => false,
        () => true,
      ),
    );
    // Within the grace, every second stream that speaks comes to its own end.
    const isFinished = (index: number) => index % 10 < SILENT && index % 2 === 1;
    for (const { wire, index, response } of waiting) {
      if (isFinished(index)) response.end(wire.events.slice(wire.eventsToFirstWord).join(''));
    }
    for (const { wire, index, status, text } of await Promise.all(answers)) {
      const what = `call ${index}, ${wire.name}: ${status} ${text}`;
      if (isFinished(index)) assert.equal(text, wire.events.join(''), what);
      else assert.match(text, /Signalbox is shutting down/, what);
      assert.equal(status, index % 10 < SILENT ? 200 : 503, what);
    }
    assert.equal(await run.exited, 0);
    assert.ok(performance.now() - askedAt < 12_000, 'within the grace and a little');
    const lines = (await readFile(ledgerFile, 'utf8')).trim().split('\n');
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(new Set(records.map(({ request_id: id }) => id)).size, STREAMS);
    const count = (code: string | undefined) =>
      records.filter(({ error_code: found }) => found === code).length;
    assert.deepEqual([count(undefined), count('shutting_down')], [80, 120]);
    for (const record of records) {
      assert.ok(Number(record['cost_nanos_usd']) > 0, 'what an upstream took is billed');
    }
  });
});
