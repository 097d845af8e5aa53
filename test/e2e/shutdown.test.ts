import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { serve } from '../support/start-cli.ts';
import { oneModelConfig } from '../support/start-proxy.ts';
import { WIRES } from '../support/wires.ts';

const [chat] = WIRES;
assert.ok(chat);

/** A proxy with that grace, and a stream through it that has begun and waits for its upstream. */
async function startStream(t: TestContext, shutdown_grace: string) {
  const waiting: ServerResponse[] = [];
  const upstream = await fakeUpstream(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chat?.events.slice(0, 2).join(''));
    waiting.push(response);
    return undefined;
  });
  const config = { ...oneModelConfig(upstream.url), server: { shutdown_grace } };
  const proxy = await serve(t, config);
  const response = await fetch(proxy.url + chat?.path('m'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(chat?.request('m', true)),
  });
  const finish = () => waiting[0]?.end(chat?.events.slice(2).join(''));
  return { ...proxy, response, finish };
}

async function readLedger(file: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const isClosed = (url: string) =>
  fetch(`${url}/health/live`).then(
    () => false,
    () => true,
  );

describe('shutdown', () => {
  test('REL-3: a stream in flight goes on to its end, while nobody new is let in', async (t) => {
    const { run, url, ledgerFile, response, finish } = await startStream(t, '30s');
    run.kill('SIGTERM');
    await eventually('the port to close', () => isClosed(url));
    finish();
    assert.equal(await response.text(), chat.events.join(''));
    assert.equal(await run.exited, 0);
    const [line] = await readLedger(ledgerFile);
    assert.deepEqual([line?.['usage_source'], line?.['error_code']], ['reported', undefined]);
  });

  test('REL-3: what outlives the grace is cut, is on the ledger, and the exit is still 0', async (t) => {
    const { run, ledgerFile, response } = await startStream(t, '50ms');
    run.kill('SIGTERM');
    const text = await response.text().catch(() => 'cut');
    assert.ok(!text.includes(chat.end));
    assert.equal(await run.exited, 0);
    const [line] = await readLedger(ledgerFile);
    assert.equal(line?.['usage_source'], 'partial');
    assert.ok(Number(line?.['cost_nanos_usd']) > 0);
  });

  test('REL-3: a second signal ends it at once', async (t) => {
    const { run, url } = await startStream(t, '30s');
    run.kill('SIGTERM');
    await eventually('the port to close', () => isClosed(url));
    run.kill('SIGINT');
    assert.notEqual(await run.exited, null);
  });
});
