import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { isObject } from '../../src/dialects/json-object.ts';
import { operationFacts } from '../../src/dialects/operation.ts';
import { type FakeAnswer, fakeUpstream, type SeenRequest } from './fake-upstream.ts';
import type { Recording } from './recordings.ts';
import { ledgerTotals, reportedTotals } from './reported-totals.ts';
import { type LedgerLine, oneModelConfig, startProxy } from './start-proxy.ts';

/** How an upstream hands the bytes of an answer to the network. */
type Cut = (bytes: Buffer, seed: number) => Buffer[];

interface ReplayOptions {
  cut?: Cut;
  /** Whether streams of chat completions are asked for usage; only then do they pass untouched. */
  asksUsage?: boolean;
}

/** A recorded answer, played through the proxy. */
export interface Replay {
  recording: Recording;
  status: number;
  headers: Headers;
  body: Buffer;
  /** What the client sent as JSON, and what the upstream was asked. */
  sent: string;
  seen: SeenRequest;
  line: LedgerLine;
}

/** Calls at a time: enough to overlap, few enough for a small machine. */
const LANES = 16;

/** Plays each recording as the upstream's answer to a call of its operation. */
export async function replay(
  t: TestContext,
  recordings: readonly Recording[],
  { cut = cutRandomly, asksUsage = true }: ReplayOptions = {},
): Promise<Replay[]> {
  const upstream = await fakeUpstream(t, ({ url, body }) => {
    const index = Number(/play-(\d+)/.exec(url + body)?.[1]);
    return answerWith(recordings[index]!, cut, index);
  });
  const { models, ...config } = oneModelConfig(upstream.url) as { models: { m: object } };
  const model = { ...models.m, slug: 'play-*' };
  const proxy = await startProxy(t, { ...config, models: { 'replay/*': model } });

  const played: Omit<Replay, 'line' | 'seen'>[] = [];
  const waiting = [...recordings.entries()];
  const lane = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [index, recording] = next;
      const { path, init } = callFor(recording, `replay/${index}`, asksUsage);
      const response = await fetch(proxy.url + path, init);
      const { status, headers } = response;
      const body = Buffer.from(await response.arrayBuffer());
      played.push({ recording, status, headers, body, sent: String(init.body) });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));

  const lines = await proxy.ledger();
  assert.equal(lines.length, recordings.length, 'a call has one line of the ledger');
  const lineById = new Map(lines.map((line) => [line['request_id'], line]));
  const seenById = new Map(upstream.seen.map((seen) => [seen.headers['x-request-id'], seen]));
  return played.map((reply) => {
    const id = reply.headers.get('x-request-id') ?? '';
    return { ...reply, line: lineById.get(id)!, seen: seenById.get(id)! };
  });
}

/** The client got the provider's bytes, and the ledger holds what they cost. */
export function assertFaithful({ recording, status, headers, body, line }: Replay): void {
  const { id, expectedUsage } = recording;
  assert.equal(status, recording.status, id);
  assert.equal(headers.get('content-type'), recording.contentType, id);
  assert.ok(body.equals(recording.bodyBytes), `${id} reached the client changed`);
  assert.equal(line['http_status'], recording.status, id);
  if (expectedUsage === null) return;
  assert.equal(line['usage_source'], 'reported', id);
  const totals = ledgerTotals(line);
  assert.deepEqual(totals, reportedTotals(recording), id);
  const billed = totals.in + totals.out > 0;
  if (billed) assert.equal(line['cost_nanos_usd'], totals.in * 1000 + totals.out * 2000, id);
}

/** The recording as a fake upstream's answer. */
export function answerWith(
  { status, contentType, bodyBytes }: Recording,
  cut: Cut = cutRandomly,
  seed = 1,
): FakeAnswer {
  return { status, headers: { 'content-type': contentType }, body: cut(bodyBytes, seed) };
}

/** At up to eight places that depend on the seed alone: inside events, escapes and characters. */
function cutRandomly(bytes: Buffer, seed: number): Buffer[] {
  let state = seed + 1;
  const places = Array.from({ length: 8 }, () => {
    state = (state * 48_271) % 0x7fffffff;
    return state % (bytes.length + 1);
  });
  const edges = [0, ...places.sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
}

/** One byte at a time. */
export function cutIntoBytes(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
}

function callFor(recording: Recording, model: string, asksUsage: boolean) {
  const { surface, path, body } = operationFacts(recording.operation);
  const route = `/v1${path.replace('{model}', model)}`;
  if (body === 'multipart') return { path: route, init: { method: 'POST', body: form(model) } };
  const isSse = recording.stream && surface === 'google' && !recording.contentType.includes('json');
  return {
    path: isSse ? `${route}?alt=sse` : route,
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requestFor(recording, model, asksUsage)),
    },
  };
}

function form(model: string): FormData {
  const fields = new FormData();
  fields.set('model', model);
  fields.set('file', new Blob(['RIFF']), 'speech.wav');
  return fields;
}

function requestFor(recording: Recording, model: string, asksUsage: boolean): object {
  const { operation, request, stream } = recording;
  const recorded = isObject(request) ? request : {};
  if (operationFacts(operation).surface === 'google') return recorded;
  if (!stream) return { ...recorded, model };
  const { stream_options: _, ...rest } = recorded;
  const asked = operation === 'chat' && asksUsage ? { include_usage: true } : undefined;
  return { ...rest, model, stream, stream_options: asked };
}
