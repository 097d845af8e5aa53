import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { readError, streamedAnswer, WIRES } from '../support/wires.ts';

const MIB = 1024 * 1024;
const EVENTS = { 'content-type': 'text/event-stream' };

/** Writes the same bytes again and again, as fast as they are read, until nobody reads. */
function flood(response: ServerResponse, bytes: Buffer): void {
  const pump = () => {
    while (!response.destroyed && response.write(bytes));
    if (!response.destroyed) response.once('drain', pump);
  };
  pump();
}

/** Deeper than anything that walks a value by calling itself can go. */
const DEEP = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;

describe('hostile upstreams', () => {
  for (const wire of WIRES) {
    test(`SEC-6: ${wire.name} survives an event that never ends, and a line of nothing`, async (t) => {
      for (const head of ['data: {"a":"', ': ', '']) {
        const upstream = await fakeUpstream(t, (_request, response) => {
          response.writeHead(200, EVENTS).write(head);
          flood(response, Buffer.alloc(4 * MIB, 'x'));
          return undefined;
        });
        const proxy = await startProxy(t, oneModelConfig(upstream.url));
        const before = process.memoryUsage.rss();
        const startedAt = performance.now();
        const answer = await proxy.post(wire.path('m', true), wire.request('m', true));
        assert.equal(answer.status, 502);
        const { code, message } = readError(wire, await answer.json());
        assert.equal(code, 'upstream_invalid_response');
        assert.match(message, /an event of more than 67108864 bytes/);
        const grownMib = (process.memoryUsage.rss() - before) / MIB;
        assert.ok(grownMib < 600, `the memory grew by ${grownMib} MiB`);
        assert.ok(performance.now() - startedAt < 20_000);
      }
    });

    test(`SEC-6: ${wire.name} neither unpacks a bomb nor follows a redirect`, async (t) => {
      const bomb = gzipSync(Buffer.alloc(16 * MIB, 0x20));
      for (const [status, headers, code] of [
        [200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 502],
        [200, { ...EVENTS, 'content-encoding': 'gzip' }, 502],
        [302, { location: 'http://169.254.169.254/latest/meta-data' }, 502],
      ] as const) {
        const upstream = await fakeUpstream(t, { status, headers, body: bomb });
        const proxy = await startProxy(t, oneModelConfig(upstream.url));
        const answer = await proxy.post(wire.path('m', false), wire.request('m', false));
        assert.equal(answer.status, code);
        assert.equal(upstream.seen.length, 1);
      }
    });

    test(`ERR-2: ${wire.name} is told of a refusal that came compressed in words of ours`, async (t) => {
      for (const status of [400, 429, 500]) {
        const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
        const body = gzipSync('{"error":{"message":"No."}}');
        const upstream = await fakeUpstream(t, { status, headers, body });
        const proxy = await startProxy(t, oneModelConfig(upstream.url));
        const answer = await proxy.post(wire.path('m', false), wire.request('m', false));
        assert.equal(answer.status, status);
        const { message } = readError(wire, await answer.json());
        assert.equal(message, `Provider \`up\` answered ${status}.`);
      }
    });

    test(`SEC-6: ${wire.name} gets 502 for an answer that is deep or no JSON at all`, async (t) => {
      const deep = `{"a":${'['.repeat(MIB)}`;
      for (const body of [deep, '\0\xff', 'null', '[]', '"text"', '']) {
        const upstream = await fakeUpstream(t, { body });
        const proxy = await startProxy(t, oneModelConfig(upstream.url));
        const answer = await proxy.post(wire.path('m', false), wire.request('m', false));
        assert.equal(answer.status, 502, body.slice(0, 10));
      }
    });
  }

  for (const wire of WIRES) {
    test(`SEC-6, BUD-6: a ${wire.name} stream whose usage is deep ends as others do, and is billed`, async (t) => {
      const deepen = (event: string) =>
        event.replace(/"(usage|usageMetadata)":\{/, (member) => `${member}"deep":${DEEP},`);
      const upstream = await fakeUpstream(t, streamedAnswer(wire, wire.events.map(deepen)));
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const answer = await proxy.post(wire.path('m', true), wire.request('m', true));
      assert.ok((await answer.text()).includes(wire.end));
      const [line] = await proxy.ledger();
      assert.equal(line?.['error_code'], undefined);
      assert.ok(Number(line?.['cost_nanos_usd']) > 0);
      assert.equal(line?.['provider_usage'], undefined);
    });

    test(`LED-1: a ${wire.name} report of more than 16 KiB is read, and not kept on the ledger`, async (t) => {
      const long = `"long":"${'x'.repeat(16 * 1024)}"`;
      const lengthen = (text: string) =>
        text.replaceAll(/"(usage|usageMetadata)":\{/g, (member) => `${member}${long},`);
      for (const stream of [false, true]) {
        const answer = stream
          ? streamedAnswer(wire, wire.events.map(lengthen))
          : { body: lengthen(JSON.stringify(wire.answer)) };
        const upstream = await fakeUpstream(t, answer);
        const proxy = await startProxy(t, oneModelConfig(upstream.url));
        await (await proxy.post(wire.path('m', stream), wire.request('m', stream))).arrayBuffer();
        const [line] = await proxy.ledger();
        assert.deepEqual([line?.['usage_source'], line?.tokens?.['out']], ['reported', 5]);
        assert.equal(line?.['provider_usage'], undefined);
      }
    });
  }

  test('SEC-6, FAI-6: what breaks in here ends one call alone, once, as an internal error', async (t) => {
    const created = `data: {"type":"response.created","response":{"id":"r1","deep":${DEEP}}}\n\n`;
    const word = 'data: {"type":"response.output_text.delta","delta":"Hello"}\n\n';
    const upstream = await fakeUpstream(t, { headers: EVENTS, body: [created, word], cut: true });
    const logger = createRecordingLogger();
    const proxy = await startProxy(t, oneModelConfig(upstream.url), { logger });
    for (const calls of [1, 2]) {
      const answer = await proxy.post('/v1/responses', { model: 'm', input: 'Hi', stream: true });
      await assert.rejects(answer.text(), 'what has no end must not look like one');
      assert.equal((await proxy.ledger()).length, calls);
    }
    const crashes = logger.entries.filter(({ level }) => level === 'error');
    assert.deepEqual(
      crashes.map(({ fields }) => (fields['crash'] as { name: string }).name),
      ['RangeError', 'RangeError'],
    );
  });

  test('SEC-4: what an upstream puts into headers comes back as few, and as text', async (t) => {
    const upstream = await fakeUpstream(t, {
      headers: {
        'content-type': 'application/json',
        'set-cookie': 'a=b',
        'access-control-allow-origin': '*',
        'x-request-id': 'caf\u00e9',
        'retry-after': '1',
        'transfer-encoding': 'chunked',
        connection: 'close, x-evil',
        'x-evil': '1',
        server: 'upstream',
      },
      body: JSON.stringify(WIRES[0]?.answer),
    });
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const answer = await proxy.post('/v1/chat/completions', WIRES[0]?.request('m'));
    assert.equal(answer.status, 200);
    const names = [...answer.headers.keys()];
    for (const gone of ['set-cookie', 'access-control-allow-origin', 'x-evil', 'server']) {
      assert.ok(!names.includes(gone), gone);
    }
  });

  test('SEC-6: a line break in an upstream’s words begins no line of the log', async (t) => {
    const message = 'Bad.\n[12:00:00] ERROR: all keys are lost\u001b[2J';
    const upstream = await fakeUpstream(t, { status: 503, body: JSON.stringify({ message }) });
    const logger = createRecordingLogger();
    const proxy = await startProxy(t, oneModelConfig(upstream.url, 'ANTHROPIC'), { logger });
    const [chat] = WIRES;
    await proxy.post(chat?.path('m') ?? '', chat?.request('m', false));
    const lines = logger.entries.map((entry) => entry.message);
    assert.ok(
      lines.some((line) => line.includes('all keys are lost')),
      lines.join(),
    );
    for (const line of lines) assert.doesNotMatch(line, /\p{Cc}/u);
  });
});
