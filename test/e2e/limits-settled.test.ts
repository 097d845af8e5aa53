import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { ANSWER, API_KEY, chatBody, limitedConfig } from '../support/limited-proxy.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';
import { cutAnswer, streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

const [chat] = WIRES as readonly [Wire];

/** Everything that counts something of an API key's calls. */
const key = {
  budgets: [{ usd: 1, period: 'month' }],
  quotas: [
    { metric: 'tokens', limit: 1_000_000, period: 'day' },
    { metric: 'requests', limit: 1_000, period: 'total' },
  ],
  policies: { concurrency: { max: 9 }, requests: { per_hour: 100 } },
};

const admin = { authorization: 'Bearer admin-secret-0001' };

type Script = Parameters<typeof fakeUpstream>[1];

async function start(t: TestContext, script: Script, config: Record<string, unknown> = {}) {
  const upstream = await fakeUpstream(t, script);
  const limits = { key, config: { admin_key: 'admin-secret-0001', ...config } };
  const proxy = await startProxy(t, limitedConfig(upstream.url, limits), {
    clock: createTestClock(),
  });
  const ask = (stream: boolean, signal?: AbortSignal) =>
    fetch(proxy.url + chat.path('m'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` },
      body: JSON.stringify(chatBody({ stream })),
      signal: signal ?? null,
    });
  /** What is used of each limit, by the words of its refusals. */
  const used = async (): Promise<Record<string, number>> => {
    const response = await fetch(`${proxy.url}/ui/data/limits`, { headers: admin });
    const { limits } = (await response.json()) as { limits: { word: string; used: string }[] };
    return Object.fromEntries(limits.map(({ word, used }) => [word, Number(used)]));
  };
  return { ask, used, proxy, upstream };
}

/** The counters hold what the line says, and nothing of the call is held any more. */
async function assertSettled({ proxy, used }: Awaited<ReturnType<typeof start>>, requests: 0 | 1) {
  const line = await eventually('the line', async () => (await proxy.ledger())[0]);
  const tokens = Number(line.tokens?.['in'] ?? 0) + Number(line.tokens?.['out'] ?? 0);
  assert.deepEqual(await used(), {
    'usd.month': line['cost_nanos_usd'],
    'tokens.day': tokens,
    'requests.total': requests,
    'requests.per_hour': requests,
    'concurrency.max': 0,
  });
  return line;
}

/** How a call can end: what the upstream does, whether something was charged. */
const ENDINGS: [how: string, answer: FakeAnswer, stream: boolean, isCharged: boolean][] = [
  ['is answered', ANSWER, false, true],
  ['is answered by a stream', streamedAnswer(chat), true, true],
  ['breaks off in the middle', cutAnswer(chat), true, true],
  ['is refused by the provider', { status: 400, body: '{"error":{"message":"no"}}' }, false, false],
  ['fails at the provider', { status: 500, body: '{}' }, false, false],
];

describe('what a call held is settled to what its ledger line says (BUD-2, BUD-6)', () => {
  for (const [how, answer, stream, isCharged] of ENDINGS) {
    test(`BUD-6: a call that ${how}`, async (t) => {
      const started = await start(t, answer);
      await (await started.ask(stream)).arrayBuffer();
      const line = await assertSettled(started, 1);
      assert.equal(Number(line['cost_nanos_usd']) > 0, isCharged);
    });
  }

  test('BUD-6: a call whose client leaves in the middle is held at its worst, then at what passed', async (t) => {
    const started = await start(t, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of chat.events.slice(0, chat.eventsToFirstWord)) response.write(event);
      return undefined;
    });
    const leaving = new AbortController();
    const response = await started.ask(true, leaving.signal);
    await response.body?.getReader().read();
    const held = await started.used();
    assert.equal(held['concurrency.max'], 1);
    // Fifty tokens of output at 2,000 nanos, and the input.
    assert.ok((held['usd.month'] ?? 0) > 100_000, JSON.stringify(held));
    leaving.abort();
    const line = await assertSettled(started, 1);
    assert.equal(line['usage_source'], 'partial');
    assert.ok(Number(line['cost_nanos_usd']) > 0);
  });

  test('BUD-6: a call whose client leaves before the first word is charged for its input', async (t) => {
    const started = await start(t, () => undefined);
    const leaving = new AbortController();
    const asked = started.ask(true, leaving.signal);
    await eventually('the request upstream', () => started.upstream.seen.length > 0);
    leaving.abort();
    await assert.rejects(asked);
    const line = await assertSettled(started, 1);
    assert.ok(Number(line['cost_nanos_usd']) > 0);
  });

  test('POL-5: a call that was refused gives everything back', async (t) => {
    const started = await start(t, ANSWER, { policies: { requests: { per_day: 0 } } });
    assert.equal((await started.ask(false)).status, 429);
    const { 'requests.per_day': _, ...rest } = await started.used();
    assert.deepEqual([...new Set(Object.values(rest))], [0]);
  });

  test('BUD-2: a call whose input cost more than was held is counted whole, and logged', async (t) => {
    const usage = { prompt_tokens: 1_000_000, completion_tokens: 5, total_tokens: 1_000_005 };
    const body = JSON.stringify({ ...chat.answer, usage });
    const upstream = await fakeUpstream(t, { body });
    const logger = createRecordingLogger();
    const { budgets } = key;
    const config = limitedConfig(upstream.url, { key: { budgets } });
    const proxy = await startProxy(t, config, { logger });
    const ask = async () => {
      const headers = { authorization: `Bearer ${API_KEY}` };
      const response = await proxy.post(chat.path('m'), chatBody(), headers);
      await response.arrayBuffer();
      return response.status;
    };
    // A dollar and 10,000 nanos, of a budget of one dollar.
    assert.deepEqual([await ask(), await ask()], [200, 402]);
    const told = logger.entries.filter(({ message }) => message.includes('cost more than'));
    assert.equal(told.length, 1);
    assert.equal(told[0]?.fields['cost'], '1000010000');
  });

  test('BUD-2: a call that another model answers is charged once, at that model’s price', async (t) => {
    const second = { provider: 'up', slug: 'slug-2', pricing: pricing(0.004) };
    const script: Script = ({ body }) =>
      String(body).includes('slug-1') ? { status: 500, body: '{}' } : ANSWER;
    const models = { second };
    const upstream = await fakeUpstream(t, script);
    const limits = {
      key,
      model: { fallbacks: ['second'] },
      config: { admin_key: 'admin-secret-0001', models },
    };
    const proxy = await startProxy(t, limitedConfig(upstream.url, limits));
    const headers = { authorization: `Bearer ${API_KEY}` };
    const response = await proxy.post(chat.path('m'), chatBody(), headers);
    await response.arrayBuffer();
    assert.equal(response.status, 200);
    const [line] = await proxy.ledger();
    assert.equal(line?.['cost_nanos_usd'], 4 * 15_000);
    const data = await fetch(`${proxy.url}/ui/data/limits`, { headers: admin });
    const { limits: told } = (await data.json()) as { limits: { word: string; used: string }[] };
    assert.equal(told.find(({ word }) => word === 'usd.month')?.used, '60000');
  });
});

function pricing(usd: number) {
  return {
    input: { text_cost_per_1k_tokens: usd },
    output: { text_cost_per_1k_tokens: usd },
  };
}

describe('the policies of a fallback (POL-1)', () => {
  const broken: Script = ({ body }) =>
    String(body).includes('slug-1') ? { status: 500, body: '{}' } : ANSWER;

  async function startFallback(t: TestContext, policies: Record<string, unknown>) {
    const upstream = await fakeUpstream(t, broken);
    const second = { provider: 'up', slug: 'slug-2', pricing: pricing(0.001), policies };
    const limits = {
      model: { fallbacks: ['second'], policies: { requests: { per_hour: 50 } } },
      config: { admin_key: 'admin-secret-0001', models: { second } },
    };
    const config = limitedConfig(upstream.url, limits);
    const proxy = await startProxy(
      t,
      { ...config, routing: { circuit: { failures: 1_000_000 } } },
      { clock: createTestClock() },
    );
    const ask = async (changes = {}) => {
      const headers = { authorization: `Bearer ${API_KEY}` };
      const response = await proxy.post(chat.path('m'), chatBody(changes), headers);
      await response.arrayBuffer();
      return response.status;
    };
    return { ask, upstream, proxy };
  }

  test('POL-1: its own limit is taken before it is tried; the call then counts for it alone', async (t) => {
    const { ask, upstream, proxy } = await startFallback(t, { requests: { per_hour: 1 } });
    assert.deepEqual([await ask(), await ask()], [200, 500]);
    const slugs = upstream.seen.map(({ body }) => JSON.parse(String(body)).model);
    assert.deepEqual(slugs, ['slug-1', 'slug-2', 'slug-1']);
    const data = await fetch(`${proxy.url}/ui/data/limits`, { headers: admin });
    const { limits } = (await data.json()) as { limits: { name: string; used: string }[] };
    // The second call failed as `m`, and counts for it.
    const used = Object.fromEntries(limits.map(({ name, used }) => [name, used]));
    assert.deepEqual(used, { m: '1', second: '1' });
  });

  test('POL-4: its max_output is the limit of the request that it gets, and refuses a larger one', async (t) => {
    const { ask, upstream } = await startFallback(t, { tokens: { max_output: 20 } });
    assert.equal(await ask({ max_tokens: undefined }), 200);
    assert.equal(JSON.parse(String(upstream.seen[1]?.body)).max_tokens, 20);
    assert.equal(await ask({ max_tokens: 21 }), 500);
    assert.equal(upstream.seen.length, 3);
  });
});
