import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { sendBytes } from '../support/send-bytes.ts';
import { sendRaw } from '../support/send-raw.ts';
import { ROOT } from '../support/start-cli.ts';
import { oneModelConfig } from '../support/start-proxy.ts';
import { plainAnswer, streamedAnswer, WIRES, type Wire } from '../support/wires.ts';
import { mutated, readSeeds, retyped } from './corpus.ts';
import { DIALECTS, startFuzzed } from './start-fuzzed.ts';
import { watchMemory } from './watch-memory.ts';

/** Cases of the short form; `npm run test:fuzz` sets another number for all of them together. */
const CASES = Number(process.env['FUZZ_CASES'] ?? 300);
const SEED = process.env['FUZZ_SEED'];

/** What takes longer hangs; the upstreams answer at once. */
const LONGEST_CASE_MS = 10_000;

const run = (share: number) => ({
  numRuns: Math.max(20, Math.round(CASES * share)),
  timeout: LONGEST_CASE_MS,
  ...(SEED === undefined ? {} : { seed: Number(SEED) }),
  endOnFailure: true,
});

const JSON_TYPE = { 'content-type': 'application/json' };
/** Recorded chunks, one a line, as the events that they came in. */
function toEvents(chunks: Buffer): Buffer {
  const lines = chunks.toString().split('\n').filter(Boolean);
  return Buffer.from(lines.map((line) => `data: ${line}\n\n`).join(''));
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

describe('fuzzing', { timeout: 3_600_000 }, () => {
  test('SEC-6: no text is a config that crashes the reader', async () => {
    const example = readFileSync(join(ROOT, 'config.example.yaml'));
    const small = Buffer.from(stringify(oneModelConfig('http://127.0.0.1:9')));
    const environment = { OPENAI_API_KEY: 'x', PORT: '1' };
    const checkMemory = watchMemory();
    await fc.assert(
      fc.asyncProperty(mutated([small, small, example]), async (bytes) => {
        const { problems, catalog } = await loadCatalog({ text: bytes.toString(), environment });
        assert.ok(catalog !== null || problems.length > 0);
        checkMemory();
      }),
      run(0.1),
    );
  });

  test('SEC-6: no body of a request makes a fault of ours', async (t) => {
    let wire = WIRES[0] as Wire;
    const upstream = await fakeUpstream(t, ({ body }) =>
      body.includes('"stream":true') ? streamedAnswer(wire) : plainAnswer(wire),
    );
    const proxy = await startFuzzed(t, upstream);
    const requests = readSeeds(/request[^/]*\.json$/);
    const models = ['m', ...Object.keys(DIALECTS)];
    const own = WIRES.flatMap((each) =>
      [true, false].flatMap((isStream) =>
        models.map((model) => Buffer.from(JSON.stringify(each.request(model, isStream)))),
      ),
    );
    const seeds = [...own, ...requests];
    const cases = fc.record({
      body: fc.oneof(mutated(seeds), retyped(seeds)),
      from: fc.constantFrom(...WIRES),
      to: fc.constantFrom(...WIRES),
      model: fc.constantFrom(...models),
      isStream: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ body, from, to, model, isStream }) => {
        wire = to;
        const named = Buffer.from(
          body.toString('latin1').replace(/"model":\s*"[^"]*"/, `"model":"${model}"`),
          'latin1',
        );
        const path = from.path(model, isStream);
        const answer = await sendRaw(proxy.url + path, {
          method: 'POST',
          headers: JSON_TYPE,
          body: named,
          agent,
        });
        assert.notEqual(answer.status, 500, `${path} ${named.toString()} ${answer.text}`);
        proxy.check();
      }),
      run(0.45),
    );
  });

  test('SEC-6: no answer of an upstream makes a fault of ours', async (t) => {
    let answer: FakeAnswer = {};
    const upstream = await fakeUpstream(t, () => answer);
    const proxy = await startFuzzed(t, upstream);
    const streams = [
      ...WIRES.map(({ events }) => Buffer.from(events.join(''))),
      ...readSeeds(/\.chunks\.txt$/).map(toEvents),
    ];
    const wholes = [
      ...WIRES.map((wire) => Buffer.from(JSON.stringify(wire.answer))),
      ...readSeeds(/(response|error|vercel-ai\/.*)\.json$/),
    ];
    const cases = fc.record({
      body: fc.oneof(mutated(streams), mutated(wholes), retyped(wholes)),
      type: fc.constantFrom('text/event-stream', 'application/json'),
      status: fc.constantFrom(200, 200, 200, 400, 401, 429, 500),
      from: fc.constantFrom(...WIRES),
      model: fc.constantFrom('m', ...Object.keys(DIALECTS)),
      isStream: fc.boolean(),
      cut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ body, type, status, from, model, isStream, cut }) => {
        answer = { status, headers: { 'content-type': type }, body, cut };
        const path = from.path(model, isStream);
        const sent = sendRaw(proxy.url + path, {
          method: 'POST',
          headers: JSON_TYPE,
          body: JSON.stringify(from.request(model, isStream)),
        });
        const { status: seen, text } = await sent.catch(() => ({ status: 0, text: 'cut' }));
        if (seen === 500) assert.equal(status, 500, `${path} ${body.toString()} ${text}`);
        proxy.check();
      }),
      run(0.35),
    );
  });

  test('SEC-6: no bytes on a connection make a fault of ours', async (t) => {
    const upstream = await fakeUpstream(t, plainAnswer(WIRES[0] as Wire));
    const proxy = await startFuzzed(t, upstream);
    const body = JSON.stringify(WIRES[0]?.request('m'));
    const seeds = [
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      'GET /v1/models?key=x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer x\r\nx-forwarded-for: 1.2.3.4\r\n\r\n',
      'GET /v1beta/models/m%3Acost HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\norigin: http://evil.example\r\nanthropic-version: 2023-06-01\r\n\r\n',
    ].map((text) => Buffer.from(text));
    await fc.assert(
      fc.asyncProperty(mutated(seeds), async (bytes) => {
        // Behind it comes an end, so that a request that lacks some bytes is not waited for.
        const answer = await sendBytes(proxy.url, bytes, true);
        assert.doesNotMatch(answer, /^HTTP\/1\.1 500/);
        proxy.check();
      }),
      run(0.1),
    );
    assert.equal((await proxy.post('/v1/chat/completions', body)).status, 200);
  });
});
