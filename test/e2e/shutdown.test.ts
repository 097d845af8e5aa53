import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { serve } from '../support/start-cli.ts';
import { oneModelConfig } from '../support/start-proxy.ts';
import { WIRES } from '../support/wires.ts';

const [chat] = WIRES;
assert.ok(chat);

/** What every stream that is ended early says last, in the words of its API. */
const GOODBYE = /Signalbox is shutting down[^\n]*\n*$/;

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

  test('REL-3: what outlives the grace ends with an error, is on the ledger, and the exit is still 0', async (t) => {
    const { run, ledgerFile, response } = await startStream(t, '50ms');
    run.kill('SIGTERM');
    assert.match(await response.text(), GOODBYE);
    assert.equal(await run.exited, 0);
    const [line] = await readLedger(ledgerFile);
    assert.deepEqual([line?.['usage_source'], line?.['error_code']], ['partial', 'shutting_down']);
    assert.ok(Number(line?.['cost_nanos_usd']) > 0);
  });

  test('REL-3: a call that comes on an old connection meanwhile is told to come again', async (t) => {
    const { run, url, finish } = await startStream(t, '30s');
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const answer = text(socket);
    const body = JSON.stringify(chat.request('m', false));
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n');
    await once(socket, 'connect');
    // Its first bytes are there before the signal, as the answer to another call proves.
    await fetch(`${url}/health/live`);
    run.kill('SIGTERM');
    await eventually('the port to close', () => isClosed(url));
    socket.write(`content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    assert.match(
      await answer,
      /^HTTP\/1\.1 503 .*^connection: close\r\n.*"code":"shutting_down"/ims,
    );
    finish();
    assert.equal(await run.exited, 0);
  });

  test('REL-3: connections that were opened ahead of need, as browsers do, are not waited for', async (t) => {
    const { run, url } = await serve(t, {
      ...oneModelConfig('http://127.0.0.1:9'),
      server: { shutdown_grace: '30s' },
    });
    const port = Number(new URL(url).port);
    const unused = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
    const closed = unused.map((socket) => once(socket.resume(), 'close'));
    await Promise.all(unused.map((socket) => once(socket, 'connect')));
    // They stand before this one in the queue, and it has been answered.
    await fetch(`${url}/health/live`);
    const askedAt = performance.now();
    run.kill('SIGTERM');
    assert.equal(await run.exited, 0);
    await Promise.all(closed);
    assert.ok(performance.now() - askedAt < 10_000, 'long before the grace is over');
  });

  test('REL-3: a second signal ends it at once, with an error and a line as well', async (t) => {
    const { run, url, ledgerFile, response } = await startStream(t, '30s');
    run.kill('SIGTERM');
    await eventually('the port to close', () => isClosed(url));
    run.kill('SIGINT');
    assert.match(await response.text(), GOODBYE);
    assert.equal(await run.exited, 1);
    const [line] = await readLedger(ledgerFile);
    assert.equal(line?.['error_code'], 'shutting_down');
  });
});
