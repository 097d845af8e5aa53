import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

const SSE = { 'content-type': 'text/event-stream' };
const ERROR = '{"error":{"code":503,"type":"x","message":"busy","status":"UNAVAILABLE"}}';

/** How an endpoint fails, the status and code of its attempt; `undefined` hangs, null hangs up. */
interface Failure {
  name: string;
  answer: FakeAnswer | null | undefined;
  status: number | undefined;
  error: string;
}

const statuses: Failure[] = [
  [408, 'upstream_error'],
  [429, 'upstream_error'],
  [500, 'upstream_error'],
  [503, 'upstream_error'],
  [529, 'upstream_error'],
  [401, 'upstream_auth_error'],
  [402, 'upstream_error'],
  [403, 'upstream_auth_error'],
].map(([status, error]) => ({
  name: `${status}`,
  answer: { status: Number(status), body: ERROR },
  status: Number(status),
  error: String(error),
}));

const broken: Failure[] = [
  { name: 'no answer', answer: undefined, status: undefined, error: 'upstream_timeout' },
  { name: 'a closed connection', answer: null, status: undefined, error: 'upstream_error' },
  {
    name: 'HTML',
    answer: { headers: { 'content-type': 'text/html' }, body: '<p>' },
    status: 200,
    error: 'upstream_invalid_response',
  },
  {
    name: 'broken JSON',
    answer: { body: '{"a":' },
    status: 200,
    error: 'upstream_invalid_response',
  },
  {
    name: 'half a body',
    answer: { body: '{"a":1', cut: true },
    status: 200,
    error: 'upstream_error',
  },
  {
    name: 'an empty object',
    answer: { body: '{}' },
    status: 200,
    error: 'upstream_invalid_response',
  },
  {
    name: 'an object that is no answer',
    answer: { body: '{"id":"a","choices":null,"output":7,"content":"","candidates":null}' },
    status: 200,
    error: 'upstream_invalid_response',
  },
  { name: 'an empty body', answer: { body: '' }, status: 200, error: 'upstream_invalid_response' },
  { name: 'an error in a 200', answer: { body: ERROR }, status: 200, error: 'upstream_error' },
];

/** Failures of streams, which can come behind the head of a success. */
function streamFailures(wire: Wire): Failure[] {
  const opening = wire.events.slice(0, wire.eventsToFirstWord - 1);
  const stream = (name: string, body: string[], error: string, cut = false): Failure => ({
    name,
    answer: { headers: SSE, body, cut },
    status: 200,
    error,
  });
  return [
    stream('an error event first', [`event: error\ndata: ${ERROR}\n\n`], 'upstream_error'),
    stream('an error before any word', [...opening, `data: ${ERROR}\n\n`], 'upstream_error'),
    stream('an end before any word', opening, 'upstream_stream_cut'),
    stream('a cut before any word', [...opening, ': x\n\n'], 'upstream_error', true),
  ];
}

/** A first endpoint that fails in the way its slug names, and a second one that answers. */
async function start(t: TestContext, wire: Wire, failures: Failure[], good: FakeAnswer) {
  const bad = await fakeUpstream(t, ({ headers }, response) => {
    const failure = failures[Number(headers['x-case'])];
    if (failure?.answer === null) response.destroy();
    return failure?.answer ?? undefined;
  });
  const second = await fakeUpstream(t, good);
  const { up } = oneModelConfig(bad.url)['providers'] as { up: object };
  const models = failures.map((_, index) => [
    `m${index}`,
    {
      // A slug of its own gives each case a circuit of its own.
      endpoints: [{ provider: 'bad', slug: `s${index}` }, { provider: 'good' }],
      pricing: 'none',
      config: { headers: { 'x-case': index } },
    },
  ]);
  const proxy = await startProxy(t, {
    providers: { bad: { ...up, timeout: '100ms' }, good: { ...up, base_url: second.url } },
    models: Object.fromEntries(models),
  });
  const ask = (index: number, stream: boolean) =>
    proxy.post(wire.path(`m${index}`, stream), wire.request(`m${index}`, stream));
  return { proxy, ask, bad, second };
}

describe('failover to the next endpoint', () => {
  for (const wire of WIRES) {
    test(`FAI-1: a ${wire.name} answer comes from the next endpoint when the first one fails`, async (t) => {
      const failures = [...statuses, ...broken];
      const { proxy, ask } = await start(t, wire, failures, plainAnswer(wire));
      for (const [index, { name, status, error }] of failures.entries()) {
        const response = await ask(index, false);
        assert.equal(await response.text(), JSON.stringify(wire.answer), name);
        assert.equal(response.headers.get('x-signalbox-provider'), 'good');
        assert.equal(response.headers.get('x-signalbox-attempts'), '2');
        const [line] = (await proxy.ledger()).slice(-1);
        const [first, second] = line?.routing?.attempts ?? [];
        assert.deepEqual([first?.['status'], first?.['error']], [status, error], name);
        assert.deepEqual([second?.['provider'], second?.['error']], ['good', undefined]);
        assert.deepEqual([line?.['provider'], line?.['error_code']], ['good', undefined]);
      }
    });

    test(`FAI-1, FAI-2: a ${wire.name} client sees nothing of a stream that failed before its first word`, async (t) => {
      const failures = [...statuses, ...streamFailures(wire)];
      const { proxy, ask } = await start(t, wire, failures, streamedAnswer(wire));
      for (const [index, { name, status, error }] of failures.entries()) {
        const response = await ask(index, true);
        assert.equal(await response.text(), wire.events.join(''), name);
        const [line] = (await proxy.ledger()).slice(-1);
        const [first] = line?.routing?.attempts ?? [];
        assert.deepEqual([first?.['status'], first?.['error']], [status, error], name);
        // What a start that failed has reported of its use is added to that of the answer.
        const isTold = name.endsWith('before any word') && wire.name === 'messages';
        assert.equal(line?.['usage_source'], isTold ? 'partial' : 'reported', name);
      }
    });
  }

  for (const wire of WIRES) {
    test(`FAI-1: a plain ${wire.name} request whose answer comes as a stream that breaks gets another`, async (t) => {
      const opening = wire.events.slice(0, wire.eventsToFirstWord);
      const failures = ['a cut', 'an end'].map((name) => ({
        name,
        answer: { headers: SSE, body: opening, cut: name === 'a cut' },
        status: 200,
        error: '',
      }));
      const { proxy, ask } = await start(t, wire, failures, plainAnswer(wire));
      for (const [index, { name }] of failures.entries()) {
        const response = await ask(index, false);
        assert.deepEqual(await response.json(), wire.answer, name);
        const [line] = (await proxy.ledger()).slice(-1);
        assert.equal(line?.routing?.attempts?.length, 2);
        // The first word was made, and is billed.
        assert.equal(line?.['usage_source'], 'partial');
      }
    });

    test(`RES-6: a plain ${wire.name} request is answered by the stream that its provider sends`, async (t) => {
      const { ask } = await start(
        t,
        wire,
        [{ name: 'a stream', answer: streamedAnswer(wire), status: 200, error: '' }],
        plainAnswer(wire),
      );
      const response = await ask(0, false);
      assert.equal(await response.text(), wire.events.join(''));
      assert.equal(response.headers.get('x-signalbox-attempts'), '1');
    });
  }

  test('FAI-1: what the client did wrong is told to it at once, word for word', async (t) => {
    const [wire] = WIRES;
    assert.ok(wire);
    const failures = [400, 404, 409, 413, 422].map((status) => ({
      name: `${status}`,
      answer: { status, body: `{ "error":{"message":"yours: ${status}"} }` },
      status,
      error: 'upstream_error',
    }));
    const { ask, second } = await start(t, wire, failures, {});
    for (const [index, { status, answer }] of failures.entries()) {
      const response = await ask(index, false);
      assert.equal(response.status, status);
      assert.equal(await response.text(), answer.body);
    }
    assert.equal(second.seen.length, 0);
  });
});
