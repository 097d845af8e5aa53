import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { readError, WIRES } from '../support/wires.ts';

const [chat] = WIRES;
assert.ok(chat);

const says = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): FakeAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: `{"error":{"message":"${message}","code":null}}`,
});

/** A model whose endpoints answer so, one after the other; null = nobody listens there. */
async function ask(t: TestContext, answers: (FakeAnswer | null | undefined)[]) {
  const { up } = oneModelConfig('')['providers'] as { up: object };
  const providers: Record<string, object> = {};
  for (const [index, answer] of answers.entries()) {
    const { url } =
      answer === null ? { url: 'http://127.0.0.1:1' } : await fakeUpstream(t, () => answer);
    providers[`p${index}`] = { ...up, base_url: url, timeout: '100ms' };
  }
  const endpoints = Object.keys(providers).map((provider) => ({ provider }));
  const models = { m: { endpoints, pricing: 'none' } };
  const proxy = await startProxy(t, { providers, models });
  const response = await proxy.post('/v1/chat/completions', chat?.request('m'));
  const text = await response.text();
  const [line] = await proxy.ledger();
  return { response, text, line, attempts: line?.routing?.attempts ?? [] };
}

describe('when every endpoint has failed', () => {
  test("FAI-3: the last upstream's status and message come through as they are", async (t) => {
    const { response, text, line, attempts } = await ask(t, [
      says(500, 'first'),
      says(503, 'last'),
    ]);
    assert.equal(response.status, 503);
    assert.equal(text, says(503, 'last').body);
    assert.equal(response.headers.get('x-signalbox-attempts'), '2');
    assert.deepEqual([line?.['http_status'], line?.['error_code']], [503, 'upstream_error']);
    assert.deepEqual(
      attempts.map(({ provider, status }) => [provider, status]),
      [
        ['p0', 500],
        ['p1', 503],
      ],
    );
  });

  test('FAI-3: a key that the upstream refuses is our fault: 502, and it says where to look', async (t) => {
    for (const status of [401, 403]) {
      const { response, text, line } = await ask(t, [says(500, 'x'), says(status, 'bad key sk-1')]);
      assert.equal(response.status, 502);
      const { code, message } = readError(chat, JSON.parse(text));
      assert.equal(code, 'upstream_auth_error');
      assert.equal(
        message,
        `Provider \`p1\` refused its key (${status}); check \`providers.p1.keys\`.`,
      );
      assert.equal(line?.['error_code'], 'upstream_auth_error');
    }
  });

  test('FAI-3: nobody listening is 502, and names host and reason', async (t) => {
    const { response, text, line } = await ask(t, [says(500, 'x'), null]);
    assert.equal(response.status, 502);
    const { code, message } = readError(chat, JSON.parse(text));
    assert.equal(code, 'upstream_error');
    assert.match(message, /127\.0\.0\.1:1 failed: nothing listens there \(ECONNREFUSED\)/);
    assert.deepEqual([line?.['http_status'], line?.['cost_nanos_usd']], [502, 0]);
  });

  test('FAI-3: no answer in time is 504, and what was asked may be billed', async (t) => {
    const { response, text, line } = await ask(t, [undefined]);
    assert.equal(response.status, 504);
    const { code, message } = readError(chat, JSON.parse(text));
    assert.equal(code, 'upstream_timeout');
    assert.match(message, /did not answer in time/);
    assert.deepEqual(
      [line?.['error_code'], line?.['usage_source']],
      ['upstream_timeout', 'partial'],
    );
  });

  test('FAI-3: only 429s are 429 with the smallest Retry-After of all', async (t) => {
    const busy = (seconds: string) => says(429, `wait ${seconds}`, { 'retry-after': seconds });
    const { response, text } = await ask(t, [busy('30'), busy('7'), busy('60')]);
    assert.equal(response.status, 429);
    assert.equal(response.headers.get('retry-after'), '7');
    assert.equal(text, busy('60').body);
    const mixed = await ask(t, [says(500, 'x'), busy('60')]);
    assert.equal(mixed.response.status, 429);
    assert.equal(mixed.response.headers.get('retry-after'), '60');
  });

  test('FAI-1: each endpoint is tried once, in the order declared', async (t) => {
    const { attempts } = await ask(t, [says(500, 'a'), null, says(503, 'b'), says(500, 'c')]);
    assert.deepEqual(
      attempts.map(({ provider }) => provider),
      ['p0', 'p1', 'p2', 'p3'],
    );
  });
});
