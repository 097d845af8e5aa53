import assert from 'node:assert/strict';
import { Agent, type ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { recordingOf } from '../support/call-both-ways.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { type Recording, streamEvents } from '../support/recordings.ts';
import { answerWith } from '../support/replay.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type LedgerLine, oneModelConfig, startProxy } from '../support/start-proxy.ts';

/** Ways in which a stream goes wrong behind its first bytes. */
const BREAKS = {
  cut: (response: ServerResponse) => response.destroy(),
  end: (response: ServerResponse) => response.end(),
  html: (response: ServerResponse) => response.end('<html><body>502 Bad Gateway</body></html>'),
  silence: () => {},
} satisfies Record<string, (response: ServerResponse) => unknown>;

type Break = keyof typeof BREAKS;

const BREAK_NAMES = Object.keys(BREAKS) as Break[];

/** Silence costs this long. */
const TIMEOUT_MS = 2_000;
const LANES = 64;

/** With `EVERY_BYTE=1` no byte is left out, and each is tried in every way; that takes minutes. */
const IS_FULL = process.env['EVERY_BYTE'] === '1';

/** Every byte up to here, where all kinds of events have begun; then those around every edge, and some. */
const EVERY_BYTE = IS_FULL ? Infinity : 1_200;
const STRIDE = 17;

const JSON_TYPE = { 'content-type': 'application/json' };

interface Subject {
  title: string;
  recording: Recording;
  path: string;
  /** True where the last event is there, so that the stream may end. */
  isWhole(text: string): boolean;
  /** True where the stream has ended, whatever happens to its connection. */
  hasTerminal(text: string): boolean;
  /** The error that ends the text in its own protocol. */
  readError(text: string): unknown;
}

/** The data of every event, the last one as far as it came; null where it is no JSON. */
function dataOf(text: string) {
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => parse(data));
}

function parse(json: string) {
  try {
    return JSON.parse(json);
  } catch {
    return json === '[DONE]' ? json : null;
  }
}

const errorOf = (text: string) => dataOf(text).at(-1)?.error;

const endsWith = (text: string, type: string) => dataOf(text).at(-1)?.type === type;

const googleStream = recordingOf('lingua/reasoningSummaryParam/google/response-streaming.json');

const SUBJECTS: Subject[] = [
  {
    title: 'chat',
    recording: recordingOf(
      'cassettes/pydantic/test_stream_close/test_cancel_recorded_provider_stream_huggingface_.json#1',
    ),
    path: '/v1/chat/completions',
    // some never send [DONE], which is fine behind a finish reason.
    isWhole: (text) =>
      dataOf(text).some((data) => data?.choices?.[0]?.finish_reason) &&
      dataOf(text).at(-1) !== null,
    hasTerminal: (text) => text.includes('data: [DONE]\n\n'),
    readError: errorOf,
  },
  {
    title: 'responses',
    recording: recordingOf('vercel-ai/openai/responses/openai-custom-tool.1.chunks.txt'),
    path: '/v1/responses',
    isWhole: (text) => endsWith(text, 'response.completed'),
    hasTerminal: (text) => endsWith(text, 'response.completed') && text.endsWith('\n\n'),
    readError: (text) => dataOf(text).at(-1)?.response.error,
  },
  {
    title: 'messages',
    recording: recordingOf('lingua/metadataParam/anthropic/response-streaming.json'),
    path: '/v1/messages',
    isWhole: (text) => endsWith(text, 'message_stop'),
    hasTerminal: (text) => endsWith(text, 'message_stop') && text.endsWith('\n\n'),
    readError: errorOf,
  },
  {
    title: 'gemini',
    recording: googleStream,
    path: '/v1beta/models/{model}:streamGenerateContent?alt=sse',
    isWhole: (text) => dataOf(text).at(-1)?.candidates[0].finishReason !== undefined,
    hasTerminal: () => false,
    readError: errorOf,
  },
  {
    title: 'gemini array',
    recording: toArray(googleStream),
    path: '/v1beta/models/{model}:streamGenerateContent',
    isWhole: (text) => parse(text) !== null,
    hasTerminal: () => false,
    readError: (text) => parse(text)?.at(-1).error,
  },
];

/** The recorded events in Google's other framing. */
function toArray(recording: Recording): Recording {
  const elements = streamEvents(recording).map(({ data }) => data.toString());
  const bodyBytes = Buffer.from(`[${elements.join(',\r\n')}]`);
  return { ...recording, contentType: 'application/json', bodyBytes };
}

interface Case {
  offset: number;
  how: Break;
}

/** Offsets in one of the quick ways, in turn; around the edges of events in all of them. */
function listCases({ bodyBytes }: Recording): Case[] {
  const text = bodyBytes.toString('latin1');
  const edges = [...text.matchAll(/\r?\n\r?\n|,\r\n|\]$/g)].map(({ index }) => index);
  const isEdge = (offset: number) => edges.some((edge) => Math.abs(edge + 2 - offset) <= 3);
  const quick = BREAK_NAMES.filter((name) => name !== 'silence');
  return Array.from({ length: text.length }, (_, offset) => offset)
    .filter((offset) => offset < EVERY_BYTE || offset % STRIDE === 0 || isEdge(offset))
    .flatMap((offset) => {
      const turn = quick[offset % quick.length]!;
      return (IS_FULL || isEdge(offset) ? BREAK_NAMES : [turn]).map((how) => ({ offset, how }));
    });
}

/** Plays every case, with a second endpoint that has the whole stream. */
async function play(t: TestContext, subject: Subject, cases: Case[]) {
  const { recording } = subject;
  const headers = { 'content-type': recording.contentType };
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const broken = await fakeUpstream(t, ({ url, body }, response) => {
    const { offset, how } = cases[Number(/case-(\d+)/.exec(url + body)?.[1])]!;
    response.writeHead(200, headers).flushHeaders();
    response.write(recording.bodyBytes.subarray(0, offset), () => BREAKS[how](response));
    return undefined;
  });
  const sound = await fakeUpstream(t, answerWith(recording));
  const { up } = oneModelConfig(broken.url)['providers'] as { up: object };
  const providers = {
    broken: { ...up, timeout: TIMEOUT_MS },
    sound: { ...up, base_url: sound.url },
  };
  // A slug of its own gives each case a circuit of its own.
  const endpoints = Object.keys(providers).map((provider) => ({ provider, slug: 'case-*' }));
  const models = { 'case/*': { endpoints, pricing: 'none' } };
  // A busy machine must not take its own slowness for a client that has waited long enough.
  const routing = { commit_after: '5m' };
  const proxy = await startProxy(t, { providers, models, routing });
  const ask = async (index: number) => {
    const model = `case/${index}`;
    const asked = { model, stream: true, stream_options: { include_usage: true } };
    const { status, headers, text } = await sendRaw(
      proxy.url + subject.path.replace('{model}', model),
      { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(asked), agent },
    );
    return { status, text, id: headers['x-request-id'] };
  };
  const answers = await inLanes(cases.length, ask);
  const lines = await proxy.ledger();
  const byId = new Map(lines.map((line) => [line['request_id'], line]));
  assert.equal(byId.size, cases.length);
  return answers.map(({ id, ...answer }) => ({ ...answer, line: byId.get(id)! }));
}

async function inLanes<T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) results[index] = await run(index);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

/** `slow` = a busy machine took its own slowness for silence, before anything had come. */
type Outcome = 'failover' | 'slow' | 'whole' | 'error';

/** What became of a case; throws where it is a quiet success. */
function judge(
  { recording, ...subject }: Subject,
  { offset, how }: Case,
  { text, line }: { text: string; line: LedgerLine },
): Outcome {
  const passed = recording.bodyBytes.toString('utf8', 0, offset);
  if (line['error_code'] !== undefined) {
    assert.equal(line.routing?.attempts?.length, 1);
    assert.equal(line['usage_source'], 'partial');
    assert.match(String(line['error_code']), /^upstream_(stream_cut|error|timeout)$/);
    const { message } = subject.readError(text) as { message: string };
    assert.ok(message.length > 0);
    return 'error';
  }
  if (line.routing?.attempts?.length === 2) {
    assert.equal(text, recording.bodyBytes.toString());
    const { status, error } = line.routing.attempts[0] ?? {};
    return status === undefined && error === 'upstream_timeout' ? 'slow' : 'failover';
  }
  // A line that is no field of an event belongs to nothing, so HTML behind the end is as good as none.
  const isAtEnd = how === 'end' || how === 'html';
  assert.ok(isAtEnd ? subject.isWhole(passed) : subject.hasTerminal(passed), 'a quiet success');
  assert.ok(text.startsWith(passed));
  return 'whole';
}

describe('a recorded stream that breaks at any byte', () => {
  for (const subject of SUBJECTS) {
    test(`FAI-1, FAI-2, FAI-6, X-30, X-33: ${subject.title} fails over, or ends in an error, and never quietly`, async (t) => {
      const cases = listCases(subject.recording);
      const answers = await play(t, subject, cases);
      const outcomes = answers.map((answer, index) => {
        const where = cases[index]!;
        try {
          assert.equal(answer.status, 200);
          return judge(subject, where, answer);
        } catch (error) {
          throw new Error(`${where.how} at ${where.offset}: ${answer.text}`, { cause: error });
        }
      });
      // Up to the first content everything fails over, and nothing after it does.
      const last = outcomes.lastIndexOf('failover');
      const first = outcomes.findIndex((outcome) => !['failover', 'slow'].includes(outcome));
      assert.ok(first > 0);
      assert.ok((cases[last]?.offset ?? 0) <= (cases[first]?.offset ?? 0));
      assert.ok(outcomes.filter((outcome) => outcome === 'error').length > 100);
    });
  }
});
