import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { DialectId } from '../../src/dialects/dialect.ts';
import type { StreamPart } from '../../src/dialects/ir/stream-part.ts';
import { DIALECT_IDS } from '../support/dialect-upstreams.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { meaningOf, readStream, readWhole, sourceOf } from '../support/read-stream.ts';
import { FAMILY, recordedStreams, wholeOf } from '../support/recorded-streams.ts';
import { answerWith } from '../support/replay.ts';
import { startProxy } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

const WIRE_OF: Record<DialectId, Wire['name']> = {
  'openai-chat': 'chat',
  'openai-responses': 'responses',
  'anthropic-messages': 'messages',
  'google-generate-content': 'gemini',
};

/** A client that wants to see what was thought. */
const SHOWING: Record<DialectId, object> = {
  'openai-chat': {},
  'openai-responses': { reasoning: { summary: 'auto' } },
  'anthropic-messages': { thinking: { type: 'adaptive' } },
  'google-generate-content': { generationConfig: { thinkingConfig: { includeThoughts: true } } },
};

interface Asked {
  index: number;
  stream: boolean;
}

/** Asks a proxy for a recorded answer, as a client of that API; gives what the client reads. */
async function startClient(t: TestContext, surface: DialectId) {
  const upstream = await fakeUpstream(t, ({ url, body }) => {
    const [, index] = /play-(\d+)/.exec(url + body) ?? [];
    const recorded = recordedStreams[Number(index)]!;
    if (/"stream":true|:streamGenerateContent/.test(url + body)) {
      return answerWith(recorded.recording, undefined, Number(index));
    }
    return { body: wholeOf(recorded) };
  });
  const ofEach = <T>(make: (dialect: DialectId) => T, suffix = '') =>
    Object.fromEntries(DIALECT_IDS.map((dialect) => [dialect + suffix, make(dialect)]));
  const proxy = await startProxy(t, {
    providers: ofEach((dialect) => ({
      type: 'CUSTOM',
      base_url: upstream.url,
      config: { dialects: [dialect] },
    })),
    models: ofEach((provider) => ({ provider, slug: `${FAMILY}-*`, pricing: 'none' }), '/*'),
  });
  const wire = WIRES.find(({ name }) => name === WIRE_OF[surface])!;
  return async ({ index, stream }: Asked): Promise<StreamPart[]> => {
    const model = `${recordedStreams[index]!.upstream}/${index}`;
    const response = await proxy.post(wire.path(model, stream), {
      ...wire.request(model, stream),
      ...SHOWING[surface],
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 200, bytes.toString());
    const source = sourceOf(FAMILY);
    return stream
      ? readStream({ dialect: surface, framing: 'sse', chunks: [bytes] }, source)
      : readWhole(surface, bytes, source);
  };
}

test('X-34: a recorded stream through the proxy says what the whole answer says', async (t) => {
  const clients = new Map<DialectId, Awaited<ReturnType<typeof startClient>>>();
  for (const surface of DIALECT_IDS) clients.set(surface, await startClient(t, surface));
  assert.ok(recordedStreams.length > 150);
  for (const [index, { upstream, recording }] of recordedStreams.entries()) {
    const others = DIALECT_IDS.filter((dialect) => dialect !== upstream);
    const surface = others[index % others.length]!;
    const ask = clients.get(surface)!;
    // Chat completions have no order between what is thought, said and called.
    const isOrdered = ![surface, upstream].includes('openai-chat');
    const [streamed, whole] = await Promise.all([
      ask({ index, stream: true }),
      ask({ index, stream: false }),
    ]);
    const { id } = recording;
    assert.deepEqual(
      { id, surface, ...meaningOf(streamed, { isOrdered }) },
      { id, surface, ...meaningOf(whole, { isOrdered }) },
    );
  }
});
