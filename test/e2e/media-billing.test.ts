import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type FakeAnswer, fakeUpstream, sse } from '../support/fake-upstream.ts';
import { API_KEY, limitedConfig } from '../support/limited-proxy.ts';
import { startProxy } from '../support/start-proxy.ts';

type Script = Parameters<typeof fakeUpstream>[1];

/** A model that is priced by the piece alone, under a budget of a dollar. */
const BY_THE_PIECE = { units: { image: 0.04, audio_second: 0.5, character_1k: 10 } };

const IMAGES = '/v1/images/generations';
const SPEECH = '/v1/audio/speech';

const images = { model: 'm', prompt: 'a cat', n: 2 };
const speech = { model: 'm', input: 'hello', voice: 'a' };
const tokens = { input_tokens: 10, output_tokens: 2000, total_tokens: 2010 };

async function start(t: TestContext, script: Script, key: Record<string, unknown> = {}) {
  const upstream = await fakeUpstream(t, script);
  const config = limitedConfig(upstream.url, {
    key: { budgets: [{ usd: 1, period: 'month' }], ...key },
    model: { pricing: BY_THE_PIECE },
    config: { admin_key: 'admin-secret-0001' },
  });
  const proxy = await startProxy(t, config);
  const headers = { authorization: `Bearer ${API_KEY}` };
  return {
    ...proxy,
    upstream,
    post: (path: string, body: unknown) => proxy.post(path, body, headers),
    /** Nanos that the budget counts. */
    async spent(): Promise<number> {
      const admin = { authorization: 'Bearer admin-secret-0001' };
      const data = await fetch(`${proxy.url}/ui/data/limits`, { headers: admin });
      const { limits } = (await data.json()) as { limits: { used: string }[] };
      return Number(limits[0]?.used);
    },
  };
}

function json(body: unknown): FakeAnswer {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function events(...payloads: unknown[]): FakeAnswer {
  return { headers: { 'content-type': 'text/event-stream' }, body: sse(...payloads) };
}

describe('a model priced by the piece', () => {
  test('MON-3, BUD-2: images are billed by the piece where their tokens are reported as well', async (t) => {
    const data = [{ b64_json: 'AA' }, { b64_json: 'AA' }];
    const proxy = await start(t, json({ created: 1, data, usage: tokens }));
    await (await proxy.post(IMAGES, images)).arrayBuffer();
    const [line] = await proxy.ledger();
    assert.deepEqual(line?.['units'], { image: 2 });
    assert.equal(line?.['cost_nanos_usd'], 80_000_000);
    assert.equal(line?.tokens?.['out'], 2000);
    assert.equal(await proxy.spent(), 80_000_000);
  });

  test('MON-3: streamed speech is billed by the character where its tokens are reported', async (t) => {
    const done = { type: 'speech.audio.done', usage: tokens };
    const proxy = await start(t, events({ type: 'speech.audio.delta', audio: 'AA' }, done));
    await (await proxy.post(SPEECH, { ...speech, stream_format: 'sse' })).arrayBuffer();
    const [line] = await proxy.ledger();
    assert.deepEqual(line?.['units'], { character: 5 });
    assert.equal(line?.['cost_nanos_usd'], 50_000_000);
  });

  test('MON-7: a file of speech carries its cost, as only the request tells it', async (t) => {
    const proxy = await start(t, { headers: { 'content-type': 'audio/mpeg' }, body: 'ID3' });
    const response = await proxy.post(SPEECH, speech);
    assert.equal(await response.text(), 'ID3');
    assert.equal(response.headers.get('x-signalbox-cost-usd'), '0.05');
    const [line] = await proxy.ledger();
    assert.equal(line?.['cost_nanos_usd'], 50_000_000);
  });

  for (const [unpriced, kept] of [
    ['refuse', true],
    ['allow', false],
  ] as const) {
    test(`BUD-4: of a call without a price a budget ${kept ? 'keeps what it held' : 'counts nothing'} where a key says \`unpriced: ${unpriced}\``, async (t) => {
      const proxy = await start(t, json({ created: 1, usage: tokens }), { unpriced });
      await (await proxy.post(IMAGES, images)).arrayBuffer();
      const [line] = await proxy.ledger();
      assert.deepEqual([line?.['cost_nanos_usd'], line?.['cost_reason']], [null, 'unpriced']);
      assert.equal((await proxy.spent()) >= 80_000_000, kept);
    });
  }
});

/** What a request tells of a media call whose client leaves before the answer. */
const LEFT: [
  what: string,
  path: string,
  body: () => string | FormData,
  units: unknown,
  cost: number | null,
][] = [
  ['images', IMAGES, () => JSON.stringify(images), { image: 2 }, 80_000_000],
  ['speech', SPEECH, () => JSON.stringify(speech), { character: 5 }, 50_000_000],
  ['a transcript', '/v1/audio/transcriptions', recordingForm, undefined, null],
];

describe('a media call that its upstream took and never answered', () => {
  for (const [what, path, body, units, cost] of LEFT) {
    test(`BUD-6: a call for ${what} is billed for what the request tells, or keeps what it held`, async (t) => {
      const { upstream, url, ledger, spent } = await start(t, () => undefined);
      const content = body();
      const leaving = new AbortController();
      const headers = {
        authorization: `Bearer ${API_KEY}`,
        ...(typeof content === 'string' && { 'content-type': 'application/json' }),
      };
      const { signal } = leaving;
      const asked = fetch(url + path, { method: 'POST', headers, body: content, signal });
      await eventually('the request upstream', () => upstream.seen.length > 0);
      leaving.abort();
      await assert.rejects(asked);
      const line = await eventually('the line', async () => (await ledger())[0]);
      assert.deepEqual([line['units'], line['cost_nanos_usd']], [units, cost]);
      const held = Object(line['held'])['nanos_usd'];
      assert.ok(Number(cost ?? held) > 0);
      assert.equal(await spent(), cost ?? held);
    });
  }
});

function recordingForm(): FormData {
  const form = new FormData();
  form.set('model', 'm');
  form.set('file', new Blob([new Uint8Array(2000)]), 'a.wav');
  return form;
}
