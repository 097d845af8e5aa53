import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { readError, WIRES, type Wire } from '../support/wires.ts';

const [gemini] = WIRES.filter(({ name }) => name === 'gemini');
assert.ok(gemini);

/** Every surface, and Google's other framing of streams. */
const SURFACES: { title: string; wire: Wire; path: Wire['path'] }[] = [
  ...WIRES.map((wire) => ({ title: wire.name, wire, path: wire.path })),
  {
    title: 'gemini array',
    wire: gemini,
    path: (model, stream) => gemini.path(model, stream).replace('?alt=sse', ''),
  },
];

/** The simulated ways to fail, and the status and code of the attempt. */
const FAULTS: Record<string, [fault: object, status: number | undefined, error: string]> = {
  overloaded: [{ status: 503 }, 503, 'upstream_error'],
  broken: [{ status: 500 }, 500, 'upstream_error'],
  late: [{ status: 408 }, 408, 'upstream_error'],
  unknown: [{ status: 401 }, 401, 'upstream_auth_error'],
  unpaid: [{ status: 402 }, 402, 'upstream_error'],
  forbidden: [{ status: 403 }, 403, 'upstream_auth_error'],
  throttled: [{ status: 429 }, 429, 'upstream_error'],
  silent: [{ hang: true }, undefined, 'upstream_timeout'],
  lying: [{ error_in_200: true }, 200, 'upstream_error'],
};

/** One model for each fault, whose second endpoint is sound; `sound` has only that one. */
async function start(t: TestContext) {
  const plain = await fakeUpstream(t, {});
  const page = await fakeUpstream(t, {
    headers: { 'content-type': 'text/html' },
    body: '<html>Welcome</html>',
  });
  const { up } = oneModelConfig(plain.url.replace('http:', 'https:'))['providers'] as {
    up: object;
  };
  const broken = Object.entries(FAULTS).map(([name, [faults]]) => [
    name,
    { type: 'MOCK', timeout: '200ms', config: { faults } },
  ]);
  const providers = {
    ...Object.fromEntries(broken),
    cut: { type: 'MOCK', config: { faults: { truncate: true } } },
    sound: { type: 'MOCK' },
    noTls: up,
    nobody: { ...up, base_url: 'http://127.0.0.1:9' },
    page: { ...up, base_url: page.url },
  };
  const models = Object.keys(providers).map((provider) => [
    provider,
    {
      endpoints: [
        { provider, slug: 'x' },
        ...(provider === 'sound' ? [] : [{ provider: 'sound', slug: 'x' }]),
      ],
      pricing: 'none',
    },
  ]);
  const proxy = await startProxy(t, { providers, models: Object.fromEntries(models) });
  return async ({ wire, path }: (typeof SURFACES)[number], model: string, stream: boolean) => {
    const response = await proxy.post(path(model, stream), wire.request(model, stream));
    const text = await response.text();
    const [line] = (await proxy.ledger()).slice(-1);
    // The simulator's ids tell how many requests it has seen.
    return { response, text: text.replace(/sim\d+x\d+/g, 'sim'), line };
  };
}

describe('failover on every surface', () => {
  for (const surface of SURFACES) {
    for (const stream of surface.title === 'gemini array' ? [true] : [false, true]) {
      const kind = `${surface.title} ${stream ? 'stream' : 'answer'}`;

      test(`FAI-1: a ${kind} is complete after whatever failed before it`, async (t) => {
        const ask = await start(t);
        const sound = await ask(surface, 'sound', stream);
        assert.equal(sound.response.status, 200);
        const failures = {
          ...FAULTS,
          noTls: [{}, undefined, 'upstream_error'],
          nobody: [{}, undefined, 'upstream_error'],
          page: [{}, 200, 'upstream_invalid_response'],
        } as typeof FAULTS;
        for (const [model, [, status, error]] of Object.entries(failures)) {
          const { response, text, line } = await ask(surface, model, stream);
          assert.equal(response.status, 200, model);
          assert.equal(text, sound.text, model);
          const [first, second, third] = line?.routing?.attempts ?? [];
          assert.deepEqual([first?.['status'], first?.['error']], [status, error], model);
          assert.deepEqual(
            [second?.['provider'], second?.['error'], third],
            ['sound', undefined, undefined],
          );
          assert.deepEqual([line?.['error_code'], line?.['usage_source']], [undefined, 'reported']);
        }
      });

      test(`FAI-1: a ${kind} is refused at once for what the client did wrong`, async (t) => {
        for (const status of [400, 404, 409, 413, 422]) {
          const body = `{ "error": {"message":"yours","code":${status} } }`;
          const first = await fakeUpstream(t, { status, body });
          const second = await fakeUpstream(t, {});
          const { up } = oneModelConfig(first.url)['providers'] as { up: object };
          const proxy = await startProxy(t, {
            providers: { up, second: { ...up, base_url: second.url } },
            models: { m: { endpoints: [{ provider: 'up' }, { provider: 'second' }] } },
          });
          const { path, wire } = surface;
          const response = await proxy.post(path('m', stream), wire.request('m', stream));
          assert.deepEqual([response.status, await response.text()], [status, body]);
          const [line] = await proxy.ledger();
          assert.deepEqual([line?.['http_status'], line?.routing?.attempts?.length], [status, 1]);
          assert.equal(second.seen.length, 0);
        }
      });
    }

    test(`FAI-2: a ${surface.title} stream that is cut in its middle has no second endpoint`, async (t) => {
      const ask = await start(t);
      const { response, text, line } = await ask(surface, 'cut', true);
      assert.equal(response.status, 200);
      assert.equal(line?.routing?.attempts?.length, 1);
      assert.deepEqual(
        [line?.['error_code'], line?.['usage_source']],
        ['upstream_error', 'partial'],
      );
      assert.match(text, /closed the connection/);
    });
  }

  test('FAI-1: an answer that is cut in its middle has one, since nobody has seen any of it', async (t) => {
    const ask = await start(t);
    for (const surface of SURFACES.slice(0, -1)) {
      const { line } = await ask(surface, 'cut', false);
      assert.deepEqual([line?.['provider'], line?.['error_code']], ['sound', undefined]);
    }
  });

  test('FAI-2: a stream that nobody can give keeps its real status', async (t) => {
    for (const status of [429, 503]) {
      const upstream = await fakeUpstream(t, { status, body: '{"error":{"message":"busy"}}' });
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      for (const { path, wire } of SURFACES) {
        const response = await proxy.post(path('m', true), wire.request('m', true));
        assert.equal(response.status, status);
        await response.text();
      }
    }
  });

  test('FAI-3, X-31: an error event before any content is told with the status that it means', async (t) => {
    const meanings: [type: string, status: number][] = [
      ['rate_limit_error', 429],
      ['rate_limit_exceeded', 429],
      ['overloaded_error', 503],
      ['invalid_request_error', 400],
      ['timeout_error', 504],
      ['whatever', 502],
    ];
    for (const [type, status] of meanings) {
      const event = `event: error\ndata: {"type":"error","error":{"type":"${type}","message":"No."}}\n\n`;
      const headers = { 'content-type': 'text/event-stream' };
      const upstream = await fakeUpstream(t, { headers, body: event });
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      for (const { path, wire } of SURFACES.slice(0, 4)) {
        const response = await proxy.post(path('m', true), wire.request('m', true));
        const isAnthropics = type === 'overloaded_error' && wire.surface === 'anthropic';
        assert.equal(response.status, isAnthropics ? 529 : status, `${wire.name} ${type}`);
        const { message, code, type: word } = readError(wire, await response.json());
        assert.deepEqual([message, code], ['No.', 'upstream_error']);
        if (isAnthropics) assert.equal(word, type);
      }
    }
  });
});
