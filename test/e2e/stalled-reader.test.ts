import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { kernelBytes } from '../support/kernel-bytes.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

const KIBIBYTE = 1024;

/** FAI-7: what one stream may hold in memory. */
const MAX_HELD = 256 * KIBIBYTE;

/** More than two connections can have in the kernel. */
const TOTAL = 24 * KIBIBYTE * KIBIBYTE;

/** The upstream hands its bytes over in pieces of this size, each when the kernel has taken the last. */
const PIECE = 8 * KIBIBYTE;

const WORD_BYTES = 15 * KIBIBYTE;
const WORDS = Math.ceil(TOTAL / WORD_BYTES);

const LETTER = 'x'.charCodeAt(0);

/** So many looks in a row at an upstream that gets nothing rid: it stands still. */
const STILL_LOOKS = 20;

/** Streams one long word after the other, as fast as they are taken. */
async function writeWords(wire: Wire, response: ServerResponse) {
  const write = promisify((piece: Buffer, done: (error?: Error | null) => void) => {
    response.write(piece, done);
  });
  const opening = wire.events.slice(0, wire.eventsToFirstWord);
  const word = Buffer.from((opening.pop() ?? '').replace(/Hello|Hel/, 'x'.repeat(WORD_BYTES)));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  await write(Buffer.from(opening.join('')));
  for (let count = 0; count < WORDS; count += 1) {
    for (let at = 0; at < word.length; at += PIECE) await write(word.subarray(at, at + PIECE));
  }
  response.end(wire.events.slice(wire.eventsToFirstWord).join(''));
}

/** A client that asks for a stream and does not read what it gets. */
async function askAndStall(t: TestContext, port: number, wire: Wire) {
  const body = JSON.stringify(wire.request('m', true));
  const head = [
    `POST ${wire.path('m', true)} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  const client = new Socket();
  client.pause();
  client.connect(port, '127.0.0.1');
  t.after(() => client.destroy());
  await once(client, 'connect');
  client.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  return client;
}

/** Enough of a stream to learn how many bytes a letter takes in it. */
const SAMPLE_BYTES = 4 * KIBIBYTE * KIBIBYTE;

/** Reads the rest: how many letters of the words came, what they took, and whether the end did. */
async function readOn(client: Socket, wire: Wire) {
  let letters = 0;
  let last = '';
  let ended = false;
  let sample: { bytes: number; letters: number } | null = null;
  let bytes = 0;
  for await (const chunk of client) {
    const text = (chunk as Buffer).toString('latin1');
    for (const byte of chunk as Buffer) letters += Number(byte === LETTER);
    bytes += text.length;
    if (bytes >= SAMPLE_BYTES) sample ??= { bytes, letters };
    ended ||= (last + text).includes(wire.end);
    last = text.slice(-100);
  }
  return { letters, ended, bytesPerLetter: (sample?.bytes ?? 0) / (sample?.letters ?? 1) };
}

/** Lets a client of one wire stall on an upstream of another, and go on. */
async function stall(t: TestContext, clientWire: Wire, upstreamWire: Wire) {
  let pipe: Socket | undefined;
  const upstream = await fakeUpstream(t, (_request, response) => {
    pipe = response.socket ?? undefined;
    void writeWords(upstreamWire, response);
    return undefined;
  });
  const config = oneModelConfig(upstream.url);
  const { up } = config['providers'] as { up: object };
  const dialects = [DIALECTS[upstreamWire.name]];
  const proxy = await startProxy(t, {
    ...config,
    providers: { up: { ...up, config: { dialects } } },
  });
  const [upstreamPort, proxyPort] = [upstream, proxy].map(({ url }) => Number(new URL(url).port));
  const client = await askAndStall(t, proxyPort ?? 0, clientWire);

  let taken = 0;
  let looks = 0;
  await eventually('the upstream to stand still', () => {
    const before = taken;
    taken = pipe?.bytesWritten ?? 0;
    looks = taken > 0 && taken === before ? looks + 1 : 0;
    return looks === STILL_LOOKS;
  });
  const inFront = kernelBytes(upstreamPort ?? 0);
  const behind = kernelBytes(proxyPort ?? 0) + client.bytesRead;
  assert.deepEqual(await proxy.ledger(), []);

  const { letters, ended, bytesPerLetter } = await readOn(client, clientWire);
  const [line] = await proxy.ledger();
  // A translation makes more or fewer bytes of the same words.
  const upstreamPerLetter = (pipe?.bytesWritten ?? 0) / (WORDS * WORD_BYTES);
  const held = (taken - inFront) / upstreamPerLetter - behind / bytesPerLetter;
  return { taken, held, letters, ended, line };
}

const DIALECTS: Record<Wire['name'], string> = {
  chat: 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  gemini: 'google-generate-content',
};

const wireOf = (name: Wire['name']) => WIRES.find((wire) => wire.name === name) as Wire;

/** Bytes that pass as they are take the same way in every dialect; each translation has its own reader. */
const PAIRS: [client: Wire['name'], upstream: Wire['name']][] = [
  ['chat', 'chat'],
  ['gemini', 'gemini'],
  ['chat', 'messages'],
  ['responses', 'chat'],
  ['messages', 'gemini'],
  ['gemini', 'chat'],
];

describe('a client that stops reading', () => {
  for (const [client, upstream] of PAIRS) {
    const kind = client === upstream ? client : `${client} from ${upstream}`;
    test(`FAI-7: a ${kind} stream holds at most 256 KiB, stops its upstream, and loses nothing`, async (t) => {
      const result = await stall(t, wireOf(client), wireOf(upstream));
      const { taken, held, letters, ended, line } = result;
      t.diagnostic(`${taken} bytes taken, of which ${Math.round(held)} held`);
      assert.ok(taken < TOTAL, `the upstream came to a stand at ${taken}`);
      assert.ok(held <= MAX_HELD, `${held} bytes are held`);
      assert.ok(letters >= WORDS * WORD_BYTES);
      assert.ok(ended, 'the end never came');
      assert.deepEqual([line?.['usage_source'], line?.['error_code']], ['reported', undefined]);
    });
  }
});
