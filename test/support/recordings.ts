import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, asObjects, type JsonObject } from '../../src/dialects/json-object.ts';
import { type Operation, operationFacts } from '../../src/dialects/operation.ts';
import type { EventData } from '../../src/dialects/wire-format.ts';

/** One answer of a real provider, as it was on the wire. */
export interface Recording {
  /** Path of the fixture; `#n` for the n-th answer of a cassette. */
  id: string;
  operation: Operation;
  stream: boolean;
  status: number;
  contentType: string;
  bodyBytes: Buffer;
  /** The usage object as the provider reported it, found by looking at every event; null if none. */
  expectedUsage: JsonObject | null;
  /** The request, where it was recorded. */
  request: unknown;
}

const ROOT = join(import.meta.dirname, '..', 'fixtures', 'recorded');
const SSE = 'text/event-stream; charset=utf-8';
const JSON_TYPE = 'application/json';

/** Every recorded answer, in the order of the files' names. */
export function recordings(): Recording[] {
  return readdirSync(ROOT, { recursive: true })
    .map((path) => String(path).replaceAll('\\', '/'))
    .filter((path) => /^(lingua|vercel-ai|cassettes)\/.*\.(json|txt)$/.test(path))
    .sort()
    .flatMap(readFixture);
}

/** The events of a streamed recording, cut by the simplest means; empty for a whole answer. */
export function streamEvents({ stream, contentType, bodyBytes }: Recording): EventData[] {
  if (!stream) return [];
  const text = bodyBytes.toString('utf8');
  const payloads = contentType.startsWith(JSON_TYPE)
    ? (JSON.parse(text) as unknown[]).map((element) => JSON.stringify(element))
    : [...text.matchAll(/^data: ?(.*?)\r?$/gm)].map(([, data]) => data ?? '');
  return payloads.map((payload) => ({ data: Buffer.from(payload) }));
}

function readFixture(path: string): Recording[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  if (path.startsWith('cassettes/')) return readCassette(path, JSON.parse(text));
  return path.startsWith('lingua/') ? readLingua(path, text) : readVercel(path, text);
}

const LINGUA_OPERATIONS: Record<string, [whole: Operation, streamed: Operation]> = {
  'chat-completions': ['chat', 'chat'],
  responses: ['responses', 'responses'],
  anthropic: ['messages', 'messages'],
  google: ['generate_content', 'stream_generate_content'],
};

function readLingua(path: string, text: string): Recording[] {
  const [, , api = '', file = ''] = path.split('/');
  const operations = LINGUA_OPERATIONS[api];
  if (operations === undefined || file === 'error.json') return [];
  const [whole, streamed] = operations;
  if (!file.includes('streaming')) return [wholeAnswer(path, whole, text)];
  const events = JSON.parse(text) as JsonObject[];
  // One file holds events of a shape that the Responses API never had.
  if (api === 'responses' && events.some((event) => !event['type'])) return [];
  return [streamedAnswer(path, streamed, events)];
}

/** The longest matching folder decides. */
const VERCEL_OPERATIONS: [folder: string, whole: Operation, streamed: Operation][] = [
  ['anthropic/', 'messages', 'messages'],
  ['google/', 'generate_content', 'stream_generate_content'],
  ['open-responses/', 'responses', 'responses'],
  ['openai/responses/', 'responses', 'responses'],
  ['openai/embedding/', 'embeddings', 'embeddings'],
  ['openai/image/', 'image_generations', 'image_generations'],
  ['openai/transcription/', 'transcriptions', 'transcriptions'],
  ['', 'chat', 'chat'],
];
const OTHER_APIS = ['vercel-ai/cohere/', 'vercel-ai/google/interactions/'];

function readVercel(path: string, text: string): Recording[] {
  if (OTHER_APIS.some((folder) => path.startsWith(folder))) return [];
  const [, whole, streamed] = VERCEL_OPERATIONS.find(([folder]) =>
    path.startsWith(`vercel-ai/${folder}`),
  )!;
  if (path.endsWith('.json')) return [wholeAnswer(path, whole, text)];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const events = lines.map((line) => JSON.parse(line) as JsonObject);
  return [streamedAnswer(path, streamed, events)];
}

const CASSETTE_OPERATIONS: [path: RegExp, operation: Operation][] = [
  [/\/chat\/completions$/, 'chat'],
  [/\/responses$/, 'responses'],
  [/\/embeddings$/, 'embeddings'],
  [/\/images\/generations$/, 'image_generations'],
  [/\/audio\/translations$/, 'translations'],
  [/\/messages$/, 'messages'],
  [/\/messages\/count_tokens$/, 'messages_count_tokens'],
  [/:generateContent$/, 'generate_content'],
  [/:streamGenerateContent$/, 'stream_generate_content'],
  [/:countTokens$/, 'count_tokens'],
  [/:batchEmbedContents$/, 'batch_embed_contents'],
];

function readCassette(path: string, { interactions }: JsonObject): Recording[] {
  return asObjects(interactions).flatMap((interaction, index) => {
    const { url, body: request } = asObject(interaction['request']);
    const { status, headers, body } = asObject(interaction['response']);
    const [route = ''] = String(url).split('?');
    const operation = CASSETTE_OPERATIONS.find(([pattern]) => pattern.test(route))?.[1];
    if (operation === undefined) return [];
    return record({
      id: `${path}#${index + 1}`,
      operation,
      stream: typeof body === 'string' || Array.isArray(body),
      status: Number(status),
      contentType: String(asObject(headers)['content-type'] ?? JSON_TYPE),
      bodyBytes: Buffer.from(typeof body === 'string' ? body : encodeJson(body)),
      request,
    });
  });
}

/** A list is Google's stream without `alt=sse`. */
function encodeJson(body: unknown): string {
  if (!Array.isArray(body)) return JSON.stringify(body);
  return `[${body.map((element) => JSON.stringify(element)).join('\n,\n')}\n]`;
}

function wholeAnswer(id: string, operation: Operation, text: string): Recording {
  return record({
    id,
    operation,
    stream: false,
    status: statusOf(JSON.parse(text)),
    contentType: JSON_TYPE,
    bodyBytes: Buffer.from(text),
    request: undefined,
  });
}

function statusOf({ error }: JsonObject): number {
  if (!error) return 200;
  const { code } = asObject(error);
  if (typeof code === 'number') return code;
  return code === 'insufficient_quota' ? 429 : 400;
}

function streamedAnswer(id: string, operation: Operation, events: JsonObject[]): Recording {
  return record({
    id,
    operation,
    stream: true,
    status: 200,
    contentType: SSE,
    bodyBytes: Buffer.from(encodeSse(operation, events)),
    request: undefined,
  });
}

/** The framing that each API uses on the wire. */
function encodeSse(operation: Operation, events: JsonObject[]): string {
  const payloads = events.map((event) => JSON.stringify(event));
  if (operation === 'chat') {
    return [...payloads, '[DONE]'].map((payload) => `data: ${payload}\n\n`).join('');
  }
  if (operation === 'stream_generate_content') {
    return payloads.map((payload) => `data: ${payload}\r\n\r\n`).join('');
  }
  return events
    .map((event, index) => `event: ${event['type']}\ndata: ${payloads[index]}\n\n`)
    .join('');
}

function record(recording: Omit<Recording, 'expectedUsage'>): Recording {
  const whole = { ...recording, expectedUsage: null };
  if (!operationFacts(recording.operation).billed) return whole;
  const usage = recording.stream ? streamedUsage(whole) : wholeUsage(parse(recording.bodyBytes));
  const isReported = Object.values(usage).some((value) => typeof value === 'number');
  return { ...recording, expectedUsage: isReported ? usage : null };
}

function wholeUsage(answer: JsonObject): JsonObject {
  return asObject(answer['usage'] ?? answer['usageMetadata']);
}

/** Later reports replace earlier ones, member by member; a null says nothing. */
function streamedUsage(recording: Recording): JsonObject {
  const usage: JsonObject = {};
  for (const { data } of streamEvents(recording)) {
    const event: JsonObject = data.toString() === '[DONE]' ? {} : parse(data);
    for (const part of [asObject(event['message']), asObject(event['response']), event]) {
      for (const [key, value] of Object.entries(wholeUsage(part))) {
        if (value !== null) usage[key] = value;
      }
    }
  }
  return usage;
}

function parse(bytes: Buffer): JsonObject {
  return asObject(JSON.parse(bytes.toString('utf8')));
}
