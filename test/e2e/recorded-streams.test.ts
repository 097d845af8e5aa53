import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asObject, type JsonObject } from '../../src/dialects/json-object.ts';
import { CONCATENATED_STREAMS, FAILED_STREAM, isOddStream } from '../support/odd-streams.ts';
import { type Recording, recordings, streamEvents } from '../support/recordings.ts';
import { assertFaithful, cutIntoBytes, replay } from '../support/replay.ts';
import { ledgerTotals } from '../support/reported-totals.ts';

const all = recordings();
const streams = all.filter(({ stream, id }) => stream && !isOddStream(id));

const KINDS = ['chat', 'responses', 'messages', 'stream_generate_content'];

/** The shortest streams of each kind. */
function shortStreams(): Recording[] {
  const byLength = streams.toSorted((a, b) => a.bodyBytes.length - b.bodyBytes.length);
  return KINDS.flatMap((kind) =>
    byLength.filter(({ operation }) => operation === kind).slice(0, 4),
  );
}

/** The events as a client that asked for no usage is to see them. */
function withoutUsage(recording: Recording): JsonObject[] {
  return parseEvents(recording)
    .filter(({ usage, choices }) => !(usage && Array.isArray(choices) && choices.length === 0))
    .map(({ usage: _, ...event }) => event);
}

function parseEvents(recording: Recording): JsonObject[] {
  return streamEvents(recording)
    .map(({ data }) => data.toString())
    .filter((data) => data !== '[DONE]')
    .map((data) => asObject(JSON.parse(data)));
}

describe('recorded streams through the proxy', () => {
  test('API-1, API-2, API-3: a stream that arrives byte by byte passes and is billed', async (t) => {
    const replies = await replay(t, shortStreams(), { cut: cutIntoBytes });
    assert.equal(replies.length, KINDS.length * 4);
    for (const reply of replies) assertFaithful(reply);
  });

  test('LED-6: a stream that arrives at once passes and is billed', async (t) => {
    for (const reply of await replay(t, streams, { cut: (bytes) => [bytes] }))
      assertFaithful(reply);
  });

  test('MON-6: usage that a chat client did not ask for is billed and not shown', async (t) => {
    const chats = streams.filter(({ operation }) => operation === 'chat');
    for (const { recording, body, line } of await replay(t, chats, { asksUsage: false })) {
      const received = { ...recording, bodyBytes: body };
      assert.deepEqual(parseEvents(received), withoutUsage(recording), recording.id);
      assert.match(body.toString(), /data: ?\[DONE\]\s*$/, recording.id);
      const source = recording.expectedUsage === null ? 'estimated' : 'reported';
      assert.equal(line['usage_source'], source, recording.id);
    }
  });

  test('LED-6: what follows the terminal marker passes and is not billed', async (t) => {
    const concatenated = all.filter(({ id }) => CONCATENATED_STREAMS.includes(id));
    const first = [
      { in: 1681, out: 163, cacheRead: 0, reasoning: 0 },
      { in: 134, out: 28, cacheRead: 0, reasoning: 0 },
    ];
    for (const { recording, body, line } of await replay(t, concatenated)) {
      assert.ok(body.equals(recording.bodyBytes), recording.id);
      assert.deepEqual(ledgerTotals(line), first[concatenated.indexOf(recording)], recording.id);
    }
  });

  test('FAI-2: a stream that fails before its content is an HTTP error with its message', async (t) => {
    const failed = all.filter(({ id }) => id === FAILED_STREAM);
    const [reply] = await replay(t, failed);
    assert.equal(reply?.status, 502);
    assert.equal(reply.headers.get('content-type'), 'application/json');
    const { message } = asObject(asObject(JSON.parse(reply.body.toString()))['error']);
    assert.match(String(message), /^You exceeded your current quota/);
    assert.equal(reply.line['error_code'], 'upstream_error');
  });
});
