import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Bill } from '../../src/simulator/running-bill.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { ask, pickText, startFor } from './ask.ts';

function chat(text: string): object {
  return { model: 'm', stream: true, messages: [{ role: 'user', content: text }] };
}

async function untilCharged(simulator: Simulator): Promise<Bill> {
  while (simulator.bill().requests === 0) await setImmediate();
  return simulator.bill();
}

function outputOf(bill: Bill): number {
  return bill.byModel['m']?.usage.tokens.outText ?? 0;
}

describe('CFG-9 speed', () => {
  test('the content waits for the time to first token, what precedes it does not', async (t) => {
    const simulator = await startFor(t, { ttftMs: 80 });
    const begun = performance.now();
    const response = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(chat('Hi')),
    });
    const arrivals: { text: string; ms: number }[] = [];
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      arrivals.push({ text: decoder.decode(chunk), ms: performance.now() - begun });
    }
    const [opening, content] = arrivals;
    assert.match(opening?.text ?? '', /"role":"assistant"/);
    assert.doesNotMatch(opening?.text ?? '', /"content":"T/);
    assert.ok((content?.ms ?? 0) >= 79, `content after ${content?.ms} ms`);
  });

  test('a stream and a plain answer take the time that their tokens take', async (t) => {
    const simulator = await startFor(t);
    for (const stream of [true, false]) {
      const begun = performance.now();
      const body = { ...chat('[[tokens 50]] [[speed 500]]'), stream };
      await ask(simulator, '/v1/chat/completions', body);
      const ms = performance.now() - begun;
      assert.ok(ms >= 85, `50 tokens at 500 a second took ${ms} ms`);
    }
  });

  test('headers set the pace too', async (t) => {
    const simulator = await startFor(t);
    const begun = performance.now();
    const headers = { 'x-simulator-ttft-ms': '40', 'x-simulator-tokens-per-second': '1000' };
    await ask(simulator, '/v1/chat/completions', chat('[[tokens 40]]'), headers);
    assert.ok(performance.now() - begun >= 70);
  });

  test('a fast stream goes out in few writes', async (t) => {
    const simulator = await startFor(t);
    const response = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(chat('[[tokens 40]]')),
    });
    let chunks = 0;
    for await (const chunk of response.body ?? []) chunks += chunk.length > 0 ? 1 : 0;
    assert.ok(chunks <= 3, `${chunks} chunks for 42 events`);
  });
});

describe('CFG-9 streams and their readers', () => {
  test('a stream stops when the client goes away, and what went out is charged', async (t) => {
    const simulator = await startFor(t);
    const abort = new AbortController();
    const response = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(chat('[[tokens 1000]] [[speed 20]]')),
      signal: abort.signal,
    });
    const reader = response.body?.getReader();
    await reader?.read();
    abort.abort();
    assert.ok(outputOf(await untilCharged(simulator)) < 20);
  });

  test('a client that leaves before the first token is charged for its input alone', async (t) => {
    const simulator = await startFor(t, { ttftMs: 60_000 });
    const abort = new AbortController();
    await fetch(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(chat('Hello')),
      signal: abort.signal,
    });
    abort.abort();
    const bill = await untilCharged(simulator);
    assert.equal(outputOf(bill), 0);
    assert.equal(bill.byModel['m']?.usage.tokens.inText, 2);
  });

  test('a reader that stalls holds the stream back', async (t) => {
    const simulator = await startFor(t);
    const body = JSON.stringify(chat('[[tokens 500000]]'));
    const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await once(socket, 'readable');
    socket.pause();
    // The server's loop turns often enough to have sent all, if it did not wait.
    for (let turn = 0; turn < 200; turn += 1) await setImmediate();
    assert.equal(simulator.bill().requests, 0);
    socket.destroy();
    const output = outputOf(await untilCharged(simulator));
    assert.ok(output > 0 && output < 400_000, `${output} tokens went out`);
  });

  test('characters of several bytes survive the cutting into deltas', async (t) => {
    const simulator = await startFor(t);
    const reply = 'Grüße 👩‍👩‍👧‍👦 an alle — 日本語のテキスト\n\n';
    const { events } = await ask(simulator, '/v1/chat/completions', chat(`[[reply .${reply}.]]`));
    const text = events.map((event) => pickText(event, 'choices.0.delta.content')).join('');
    assert.equal(text, `.${reply}.`);
  });
});
