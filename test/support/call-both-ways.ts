import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Operation } from '../../src/dialects/operation.ts';
import { fakeUpstream, type SeenRequest } from './fake-upstream.ts';
import { type Recording, recordings } from './recordings.ts';
import { answerWith } from './replay.ts';
import { ledgerTotals, reportedTotals } from './reported-totals.ts';
import { type LedgerLine, oneModelConfig, startProxy } from './start-proxy.ts';

/** Where a client is pointed at, and as whom it asks for which model. */
interface Target {
  url: string;
  apiKey: string;
  model: string;
}

interface Played<T> {
  /** What the client made of the proxy's answers. */
  result: T;
  /** What the upstream was asked through the proxy. */
  seen: SeenRequest[];
  lines: LedgerLine[];
}

const CLIENT_KEY = 'sk-client-of-the-proxy';
const UPSTREAM_KEY = 'sk-upstream-secret-0001';

const byId = new Map(recordings().map((recording) => [recording.id, recording]));

/** The recorded answer of that id. */
export function recordingOf(id: string): Recording {
  const recording = byId.get(id);
  assert.ok(recording, `no recording ${id}`);
  return recording;
}

/**
 * Makes the same calls twice, straight to an upstream that answers with the recordings in turn, and
 * through the proxy. The client must get the same, the upstream must be asked the same but for the
 * credentials, and the ledger must hold what the recordings report.
 */
export async function callBothWays<T>(
  t: TestContext,
  upstreamIs: { type: string; answers: readonly Recording[] },
  call: (target: Target) => Promise<T>,
): Promise<Played<T>> {
  const { type, answers } = upstreamIs;
  const upstream = await fakeUpstream(t, () =>
    answerWith(answers[(upstream.seen.length - 1) % answers.length]!),
  );
  const proxy = await startProxy(t, {
    ...oneModelConfig(upstream.url, type),
    api_keys: { ana: { key: CLIENT_KEY, models: ['m'] } },
  });
  const direct = await call({ url: upstream.url, apiKey: UPSTREAM_KEY, model: 'slug-1' });
  const result = await call({ url: proxy.url, apiKey: CLIENT_KEY, model: 'm' });
  assert.deepEqual(plain(result), plain(direct));

  const seen = upstream.seen.slice(answers.length);
  assert.equal(seen.length, answers.length);
  for (const [turn, request] of seen.entries()) assertAlike(request, upstream.seen[turn]!);
  const lines = await proxy.ledger();
  assert.equal(lines.length, answers.length);
  for (const [turn, line] of lines.entries()) assertBilled(line, answers[turn]!);
  return { result, seen, lines };
}

/** Everything that an iterable gives, in its order. */
export async function collect<T>(
  items: AsyncIterable<T> | Promise<AsyncIterable<T>>,
): Promise<T[]> {
  const all: T[] = [];
  for await (const item of await items) all.push(item);
  return all;
}

/** What a client throws, as values that can be compared. */
export function describeError(error: unknown): object {
  const { name, status, message } = error as Error & { status: number };
  return { name, status, message };
}

/** An answer that nobody recorded, for the routes that need one. */
export function handmade(operation: Operation, body: object | Buffer, contentType?: string) {
  return {
    id: operation,
    operation,
    stream: false,
    status: 200,
    contentType: contentType ?? 'application/json',
    bodyBytes: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
    expectedUsage: null,
    request: undefined,
  } satisfies Recording;
}

/** Without the headers of the HTTP answer, which Google's client keeps in its results. */
function plain(result: unknown): unknown {
  const text = JSON.stringify(result, (key, value) =>
    key === 'sdkHttpResponse' ? undefined : value,
  );
  return text === undefined ? undefined : JSON.parse(text);
}

function assertBilled(line: LedgerLine, answer: Recording): void {
  assert.deepEqual([line['api_key'], line['model'], line['slug']], ['ana', 'm', 'slug-1']);
  assert.deepEqual([line['operation'], line['stream']], [answer.operation, answer.stream]);
  assert.equal(line['http_status'], answer.status);
  if (answer.expectedUsage === null) return;
  assert.equal(line['usage_source'], 'reported');
  assert.deepEqual(ledgerTotals(line), reportedTotals(answer));
}

function assertAlike(proxied: SeenRequest, direct: SeenRequest): void {
  assert.deepEqual([proxied.method, proxied.url], [direct.method, direct.url]);
  assert.equal(bodyText(proxied), bodyText(direct));
  const credentials = ['authorization', 'x-api-key', 'x-goog-api-key'];
  const sent = credentials.map((name) => proxied.headers[name]).filter(Boolean);
  assert.deepEqual(
    sent.map((value) => String(value).replace('Bearer ', '')),
    [UPSTREAM_KEY],
  );
  assert.ok(!JSON.stringify(proxied.headers).includes(CLIENT_KEY));
  assert.ok(!Object.keys(proxied.headers).some((name) => name.startsWith('x-stainless-')));
  for (const name of ['anthropic-version', 'anthropic-beta']) {
    assert.equal(proxied.headers[name], direct.headers[name], name);
  }
}

/** A form's boundary is made anew for each request. */
function bodyText({ body, headers }: SeenRequest): string {
  const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1];
  const text = body.toString('latin1');
  return boundary === undefined ? text : text.replaceAll(boundary, 'boundary');
}
