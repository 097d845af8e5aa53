import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';
import { plainAnswer, streamedAnswer, WIRES } from '../support/wires.ts';

const [chat] = WIRES;
assert.ok(chat);
const good = plainAnswer(chat);
const MINUTE = 60_000;
const JSON_TYPE = { 'content-type': 'application/json' };

const price = (usd: number) => ({
  input: { text_cost_per_1k_tokens: usd },
  output: { text_cost_per_1k_tokens: usd },
});

/** A cheap endpoint that answers as it is told, ahead of a dear one that always works. */
async function start(t: TestContext) {
  const clock = createTestClock();
  const open: ServerResponse[] = [];
  let answer: FakeAnswer | undefined = good;
  const first = await fakeUpstream(t, (_request, response) => {
    if (answer === undefined) open.push(response);
    return answer;
  });
  const second = await fakeUpstream(t, ({ body }) =>
    `${body}`.includes('"stream":true') ? streamedAnswer(chat!) : good,
  );
  const { up } = oneModelConfig(first.url)['providers'] as { up: { keys: object } };
  const cheap = { provider: 'first', pricing: price(0.001) };
  const dear = { provider: 'second', pricing: price(0.002) };
  const proxy = await startProxy(
    t,
    {
      providers: {
        first: { ...up, keys: { a: 'sk-a-00000001', b: 'sk-b-00000001' } },
        second: { ...up, base_url: second.url },
      },
      models: {
        m: { endpoints: [cheap, dear] },
        twin: { endpoints: [{ ...cheap, slug: 'm' }, dear] },
        otherKey: { endpoints: [{ ...cheap, slug: 'm', key: 'b' }, dear] },
        single: { provider: 'first', slug: 'm', pricing: 'none' },
      },
    },
    { clock },
  );
  const state = async (model = 'm') => {
    const response = await fetch(`${proxy.url}/v1/route?model=${model}:cost`);
    const { endpoints } = (await response.json()) as { endpoints: Record<string, unknown>[] };
    return endpoints.find(({ provider }) => provider === 'first')?.['state'];
  };
  const post = (model = 'm', init: RequestInit = {}, stream = false) =>
    fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(chat?.request(`${model}:cost`, stream)),
      ...init,
    });
  /** Calls, and says who was tried. */
  const ask = async (told: FakeAnswer, model = 'm') => {
    answer = told;
    const response = await post(model);
    await response.text();
    const [line] = (await proxy.ledger()).slice(-1);
    return line?.routing?.attempts?.map((attempt) => attempt['provider']).join() ?? '';
  };
  /** From now on the first upstream takes calls and says nothing. */
  const hang = () => {
    answer = undefined;
  };
  return { ask, clock, first, hang, open, post, proxy, state };
}

/** The same, with a circuit that has been opened. */
async function startOpen(t: TestContext) {
  const started = await start(t);
  await started.ask({ status: 401 });
  assert.equal(await started.state(), 'open');
  return started;
}

describe('the circuit of an endpoint', () => {
  test('FAI-4: opens after five failures in a row, and then the endpoint is left for last', async (t) => {
    const { ask, state } = await start(t);
    for (let failures = 1; failures <= 4; failures += 1) {
      assert.equal(await ask({ status: 500 }), 'first,second');
    }
    assert.equal(await ask(good), 'first');
    for (let failures = 1; failures <= 4; failures += 1) await ask({ status: 500 });
    assert.equal(await state(), 'closed');
    assert.equal(await ask({ status: 500 }), 'first,second');
    assert.equal(await state(), 'open');
    assert.equal(await ask(good), 'second');
  });

  for (const status of [401, 402, 403]) {
    test(`FAI-4: opens at once on ${status}`, async (t) => {
      const { ask, state } = await start(t);
      assert.equal(await ask({ status }), 'first,second');
      assert.equal(await state(), 'open');
    });
  }

  test('FAI-4: a key that Google refuses with 400 is refused', async (t) => {
    const { ask, state } = await start(t);
    const body = '{"error":{"code":400,"details":[{"reason":"API_KEY_INVALID"}]}}';
    assert.equal(await ask({ status: 400, body }), 'first,second');
    assert.equal(await state(), 'open');
  });

  test('FAI-4: after 30 s one call probes, and a success closes it', async (t) => {
    const { ask, clock, state } = await startOpen(t);
    clock.advance(23_999);
    assert.equal(await state(), 'open');
    clock.advance(6001);
    assert.equal(await state(), 'half-open');
    assert.equal(await ask(good), 'first');
    assert.equal(await state(), 'closed');
  });

  test('FAI-4: a failed probe doubles the pause, up to five minutes', async (t) => {
    const { ask, clock, state } = await startOpen(t);
    for (const pauseMs of [30_000, MINUTE, 2 * MINUTE, 4 * MINUTE, 5 * MINUTE, 5 * MINUTE]) {
      // Jitter takes a fifth at most.
      clock.advance(pauseMs * 0.8 - 1);
      assert.equal(await state(), 'open');
      assert.equal(await ask(good), 'second');
      clock.advance(pauseMs * 0.2 + 1);
      assert.equal(await state(), 'half-open');
      assert.equal(await ask({ status: 503 }), 'first,second');
    }
  });

  test('FAI-4: one probe at a time; the others go elsewhere', async (t) => {
    const { clock, first, hang, open, post, state } = await startOpen(t);
    clock.advance(MINUTE);
    hang();
    const asked = first.seen.length;
    const probe = post();
    await eventually('the probe', () => open[0]);
    assert.equal(await state(), 'probing');
    const others = await Promise.all(Array.from({ length: 10 }, () => post()));
    for (const other of others) {
      assert.equal(other.headers.get('x-signalbox-provider'), 'second');
      await other.text();
    }
    assert.equal(first.seen.length, asked + 1);
    open[0]?.writeHead(200, JSON_TYPE).end(good.body);
    assert.equal((await probe).status, 200);
    assert.equal(await state(), 'closed');
  });

  test('FAI-4: of many calls at once, one probes', async (t) => {
    const { clock, first, hang, open, post, state } = await startOpen(t);
    clock.advance(MINUTE);
    hang();
    const asked = first.seen.length;
    let answered = 0;
    const calls = Array.from({ length: 20 }, async () => {
      const response = await post();
      answered += 1;
      return response;
    });
    await eventually('the others', () => answered === 19);
    assert.equal(await state(), 'probing');
    open[0]?.writeHead(200, JSON_TYPE).end(good.body);
    const responses = await Promise.all(calls);
    const providers = responses.map(({ headers }) => headers.get('x-signalbox-provider'));
    assert.equal(providers.filter((provider) => provider === 'first').length, 1);
    assert.equal(first.seen.length, asked + 1);
  });

  test('FAI-4, FAI-5: a probe whose client goes away leaves the place to the next one', async (t) => {
    const { ask, clock, hang, open, post, state } = await startOpen(t);
    clock.advance(MINUTE);
    hang();
    const gone = new AbortController();
    const probe = post('m', { signal: gone.signal });
    await eventually('the probe', () => open[0]);
    gone.abort();
    await assert.rejects(probe);
    await eventually('the release', async () => (await state()) === 'half-open');
    assert.equal(await ask(good), 'first');
    assert.equal(await state(), 'closed');
  });

  test('FAI-4: a probe that the client got wrong says nothing', async (t) => {
    const { ask, clock, state } = await startOpen(t);
    clock.advance(MINUTE);
    assert.equal(await ask({ status: 422 }), 'first');
    assert.equal(await state(), 'half-open');
  });

  test('FAI-4: the first content of a streamed probe closes it, however long it goes on', async (t) => {
    const { clock, hang, open, post, state } = await startOpen(t);
    clock.advance(MINUTE);
    hang();
    const probe = post('m', {}, true);
    const response = await eventually('the probe', () => open[0]);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chat.events.slice(0, chat.eventsToFirstWord).join(''));
    const streamed = await probe;
    assert.equal(await state(), 'closed');
    response.end(chat.events.slice(chat.eventsToFirstWord).join(''));
    assert.equal(await streamed.text(), chat.events.join(''));
  });

  test('ROU-2: it removes nobody: an endpoint without a rival is asked all the same', async (t) => {
    const { ask, state } = await startOpen(t);
    assert.equal(await ask(good, 'single'), 'first');
    assert.equal(await state(), 'closed');
  });

  test('FAI-4: models with the same provider, slug and key share it, another key does not', async (t) => {
    const { state } = await startOpen(t);
    assert.equal(await state('twin'), 'open');
    assert.equal(await state('otherKey'), 'closed');
  });

  test('FAI-4: the mistakes of clients open nothing', async (t) => {
    const { ask, state } = await start(t);
    for (const status of [400, 404, 409, 413, 422, 400, 400]) await ask({ status });
    assert.equal(await state(), 'closed');
    // An API can report them inside a success too.
    const error = { type: 'invalid_request_error', message: 'Too long.' };
    for (let calls = 1; calls <= 6; calls += 1) await ask({ body: JSON.stringify({ error }) });
    assert.equal(await state(), 'closed');
  });
});

describe('an endpoint that asks for patience', () => {
  const busy = (seconds: string | null, status = 429): FakeAnswer => ({
    status,
    headers: seconds === null ? {} : { 'retry-after': seconds },
  });

  for (const status of [429, 503]) {
    test(`FAI-4, ROU-2: is left for last until its Retry-After is over (${status})`, async (t) => {
      const { ask, clock, state } = await start(t);
      assert.equal(await ask(busy('20', status)), 'first,second');
      assert.equal(await state(), 'waiting');
      assert.equal(await ask(good), 'second');
      clock.advance(20_000);
      assert.equal(await state(), 'closed');
      assert.equal(await ask(good), 'first');
    });
  }

  test('FAI-4: is believed for ten minutes at most', async (t) => {
    const { ask, clock, state } = await start(t);
    await ask(busy('86400'));
    clock.advance(10 * MINUTE - 1);
    assert.equal(await state(), 'waiting');
    clock.advance(1);
    assert.equal(await state(), 'closed');
  });

  test('FAI-4: may be busy as often as it likes, if it says for how long', async (t) => {
    const { ask, clock, state } = await start(t);
    for (let calls = 1; calls <= 10; calls += 1) {
      assert.equal(await ask(busy('1')), 'first,second');
      clock.advance(1000);
    }
    assert.equal(await state(), 'closed');
  });

  test('FAI-4: is taken for broken if it never says when to come back', async (t) => {
    const { ask, state } = await start(t);
    for (const seconds of [null, '0', null, '0', null]) await ask(busy(seconds));
    assert.equal(await state(), 'open');
  });

  test('FAI-4: says so in the ways of the providers', async (t) => {
    const retryInfo = { error: { details: [{ retryDelay: '30s' }] } };
    const used = { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '30s' };
    const date = new Date(createTestClock().now() + 30_000).toUTCString();
    for (const answer of [
      { status: 429, headers: { 'retry-after-ms': '30000' } },
      { status: 429, headers: { 'retry-after': date } },
      { status: 429, body: JSON.stringify(retryInfo) },
      { status: 429, headers: used },
    ]) {
      const { ask, clock, state } = await start(t);
      await ask(answer);
      clock.advance(29_999);
      assert.equal(await state(), 'waiting', JSON.stringify(answer));
      clock.advance(1);
      assert.equal(await state(), 'closed');
    }
  });
});
