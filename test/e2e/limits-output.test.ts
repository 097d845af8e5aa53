import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { API_KEY, type Limits, limitedConfig } from '../support/limited-proxy.ts';
import { startProxy } from '../support/start-proxy.ts';
import { plainAnswer, readError, WIRES, type Wire } from '../support/wires.ts';

/** Where each dialect's request limits its output; most copies of OpenAI's know only its older name. */
const FIELDS: Record<Wire['name'], (limit: number) => Record<string, unknown>> = {
  chat: (limit) => ({ max_tokens: limit }),
  responses: (limit) => ({ max_output_tokens: limit }),
  messages: (limit) => ({ max_tokens: limit }),
  gemini: (limit) => ({ generationConfig: { maxOutputTokens: limit } }),
};

async function start(t: TestContext, wire: Wire, limits: Limits) {
  const upstream = await fakeUpstream(t, plainAnswer(wire));
  const proxy = await startProxy(t, limitedConfig(upstream.url, limits));
  return {
    upstream,
    /** Sends the wire's request with these changes; what came back, and what went upstream. */
    async ask(changes: Record<string, unknown> = {}) {
      const { max_tokens: _, ...request } = wire.request('m');
      const headers = { authorization: `Bearer ${API_KEY}` };
      const response = await proxy.post(wire.path('m'), { ...request, ...changes }, headers);
      const answer: unknown = await response.json();
      const sent = JSON.parse(String(upstream.seen.at(-1)?.body ?? 'null'));
      return { status: response.status, answer, sent, request };
    },
  };
}

const capped = (tokens: Record<string, number>) => ({ policies: { tokens } });

describe('how many tokens one call may use (POL-4)', () => {
  for (const wire of WIRES) {
    const limitTo = FIELDS[wire.name];

    test(`POL-4: a ${wire.name} request without a limit gets the tightest max_output there is`, async (t) => {
      const { ask } = await start(t, wire, {
        key: capped({ max_output: 900 }),
        model: capped({ max_output: 77 }),
        config: capped({ max_output: 800 }),
      });
      const { status, sent, request } = await ask();
      assert.equal(status, 200);
      const model = wire.name === 'gemini' ? {} : { model: 'slug-1' };
      assert.deepEqual(sent, { ...request, ...model, ...limitTo(77) });
    });

    test(`POL-4: a ${wire.name} request may ask for max_output and not for more`, async (t) => {
      const { ask, upstream } = await start(t, wire, { key: capped({ max_output: 77 }) });
      const within = await ask(limitTo(77));
      assert.equal(within.status, 200);
      for (const [field, value] of Object.entries(limitTo(77))) {
        assert.deepEqual(within.sent[field], value);
      }
      const beyond = await ask(limitTo(78));
      assert.equal(beyond.status, 400);
      const { code, message } = readError(wire, beyond.answer);
      assert.equal(code, 'max_tokens_exceeded');
      assert.match(message, /asks for up to 78 output tokens; API key `k` may get 77 in one call/);
      assert.equal(upstream.seen.length, 1);
    });

    test(`POL-4: a ${wire.name} request larger than max_input goes nowhere`, async (t) => {
      const { ask, upstream } = await start(t, wire, { model: capped({ max_input: 20 }) });
      assert.equal((await ask()).status, 200);
      const { status, answer } = await ask({ metadata: { note: 'word '.repeat(20) } });
      assert.equal(status, 400);
      assert.equal(readError(wire, answer).code, 'max_input_exceeded');
      assert.equal(upstream.seen.length, 1);
    });
  }

  const [chat] = WIRES;
  assert.ok(chat);
  test('POL-4: a limit as text is judged as the number that some upstreams read in it', async (t) => {
    const { ask } = await start(t, chat, { model: capped({ max_output: 77 }) });
    const { status, answer } = await ask({ max_tokens: '5000' });
    assert.deepEqual([status, readError(chat, answer).code], [400, 'max_tokens_exceeded']);
  });

  for (const sent of [null, -1]) {
    test(`POL-4: a limit of ${JSON.stringify(sent)} is none, and a default takes its place`, async (t) => {
      const model = { ...capped({ max_output: 77 }), config: { defaults: { max_tokens: 50 } } };
      const { ask } = await start(t, chat, { model });
      const { status, sent: arrived } = await ask({ max_tokens: sent });
      assert.deepEqual([status, arrived.max_tokens], [200, 50]);
    });
  }

  for (const kind of ['defaults', 'overrides']) {
    test(`POL-4: ${kind} of one name let no other limit of the client through`, async (t) => {
      const model = { ...capped({ max_output: 77 }), config: { [kind]: { max_tokens: 50 } } };
      const { ask, upstream } = await start(t, chat, { model });
      const within = await ask({ max_completion_tokens: 60 });
      const { max_tokens: older, max_completion_tokens: newer } = within.sent;
      assert.deepEqual([older, newer], kind === 'defaults' ? [undefined, 60] : [50, undefined]);
      const { status } = await ask({ max_completion_tokens: 5000 });
      assert.equal(status, kind === 'defaults' ? 400 : 200);
      assert.ok(!upstream.seen.at(-1)?.body.includes('5000'));
    });
  }

  test('POL-4: OpenAI’s reasoning models are told by the only name that they know', async (t) => {
    const [wire] = WIRES;
    assert.ok(wire);
    const upstream = await fakeUpstream(t, plainAnswer(wire));
    const limits = { key: capped({ max_output: 77 }), model: { slug: 'gpt-5' } };
    const proxy = await startProxy(t, limitedConfig(upstream.url, limits));
    const headers = { authorization: `Bearer ${API_KEY}` };
    await (await proxy.post(wire.path('m'), wire.request('m'), headers)).arrayBuffer();
    assert.deepEqual(JSON.parse(String(upstream.seen[0]?.body)), {
      ...wire.request('m'),
      model: 'gpt-5',
      max_completion_tokens: 77,
    });
  });

  test('POL-4: what is set reaches a provider of another dialect in the words of that one', async (t) => {
    const messages = WIRES.find(({ name }) => name === 'messages');
    assert.ok(messages);
    const upstream = await fakeUpstream(t, plainAnswer(messages));
    const config = limitedConfig(upstream.url, { key: capped({ max_output: 77 }) });
    const { up } = config['providers'] as { up: object };
    const spoken = { ...up, config: { dialects: ['anthropic-messages'] } };
    const proxy = await startProxy(t, { ...config, providers: { up: spoken } });
    for (const wire of WIRES) {
      const { max_tokens: _, ...request } = wire.request('m');
      const headers = { authorization: `Bearer ${API_KEY}` };
      const response = await proxy.post(wire.path('m'), request, headers);
      await response.arrayBuffer();
      assert.equal(response.status, 200, wire.name);
      assert.equal(JSON.parse(String(upstream.seen.at(-1)?.body)).max_tokens, 77, wire.name);
    }
  });

  test('POL-4: the limit of one endpoint is set for that endpoint alone', async (t) => {
    const [wire] = WIRES;
    assert.ok(wire);
    const upstream = await fakeUpstream(t, ({ body }) =>
      String(body).includes('"first"') ? { status: 500 } : plainAnswer(wire),
    );
    const endpoints = [
      { provider: 'up', slug: 'first', ...capped({ max_output: 5 }) },
      { provider: 'up', slug: 'second', ...capped({ max_output: 50 }) },
    ];
    const model = { provider: undefined, slug: undefined, endpoints };
    const proxy = await startProxy(t, limitedConfig(upstream.url, { model }));
    const headers = { authorization: `Bearer ${API_KEY}` };
    const response = await proxy.post(wire.path('m'), wire.request('m'), headers);
    assert.equal(response.status, 200);
    await response.arrayBuffer();
    assert.deepEqual(
      upstream.seen.map(({ body }) => {
        const { model: slug, max_tokens: limit } = JSON.parse(String(body));
        return [slug, limit];
      }),
      [
        ['first', 5],
        ['second', 50],
      ],
    );
  });
});
