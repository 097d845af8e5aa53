import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const digest = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A body like no other: of so many lines, or up to forty times as many. */
function longBody(model: string, index: number, lines: number): string {
  const content = `${index} says: ${'a line of text\\n'.repeat(lines)}`.repeat(1 + (index % 40));
  return `{"model":"${model}","messages":[{"role":"user","content":"${content}"}]}`;
}

const usage = { prompt_tokens: 1000, completion_tokens: 1 };
const ANSWER = JSON.stringify({ choices: [], usage });

/**
 * An upstream that answers once it has a request's headers, and reads its body after a while: all of it must
 * be the letter that the headers name.
 */
async function hastyUpstream(t: TestContext) {
  let answered = 0;
  let early = 0;
  let foreign = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    let head = '';
    let left = 0;
    let letter = 0;
    const begin = (bytes: Buffer): Buffer => {
      const end = bytes.indexOf('\r\n\r\n');
      head += bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
      if (end === -1) return Buffer.alloc(0);
      left = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      letter = /idempotency-key: (\w)/i.exec(head)?.[1]?.charCodeAt(0) ?? 0;
      head = '';
      answered += 1;
      const status = answered % 5 === 0 ? '500 Failed' : '200 OK';
      const { length } = ANSWER;
      socket.write(
        `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${ANSWER}`,
      );
      const rest = bytes.subarray(end + 4);
      if (rest.length < left) {
        early += 1;
        socket.pause();
        setTimeout(() => socket.resume(), 200);
      }
      return rest;
    };
    socket.on('data', (bytes: Buffer) => {
      let rest = bytes;
      while (rest.length > 0) {
        if (left === 0) rest = begin(rest);
        const taken = rest.subarray(0, left);
        // What stands around the content is no longer than that, at either end.
        const inner = taken.subarray(200, Math.max(200, Math.min(taken.length, left - 200)));
        if (inner.some((byte) => byte !== letter)) foreign += 1;
        left -= taken.length;
        rest = rest.subarray(taken.length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, early: () => early, foreign: () => foreign };
}

describe('the memory of long bodies', () => {
  const kinds = [
    { name: 'long', lines: 200, calls: 120 },
    // Their memory is used again at once for the next ones.
    { name: 'very long', lines: 4_000, calls: 80 },
  ];
  for (const { name, lines, calls } of kinds)
    test(`is never taken from a call that is under way: each upstream gets its own ${name} bytes, retried or not`, async (t) => {
      let failures = 0;
      const upstream = await fakeUpstream(t, ({ body }) => {
        const isBad = body.length % 3 === 0;
        if (!isBad) return { body: ANSWER };
        failures += 1;
        return failures % 2 === 0 ? { cut: true, status: 500 } : { status: 503, body: '{}' };
      });
      const good = await fakeUpstream(t, { body: ANSWER });
      const { providers } = oneModelConfig(upstream.url) as { providers: { up: object } };
      const proxy = await startProxy(t, {
        providers: { up: providers.up, good: { ...providers.up, base_url: good.url } },
        models: {
          m: {
            endpoints: [
              { provider: 'up', slug: 'slug-1' },
              { provider: 'good', slug: 'slug-2' },
            ],
            pricing: 'none',
          },
        },
        routing: { circuit: { open: '0s' } },
      });
      const ask = async (index: number) => {
        const response = await proxy.post('/v1/chat/completions', longBody('m', index, lines));
        assert.equal(response.status, 200);
        assert.equal(await response.text(), ANSWER);
      };
      const indexes = Array.from({ length: calls }, (_, index) => index);
      for (let from = 0; from < indexes.length; from += 12) {
        await Promise.all(indexes.slice(from, from + 12).map(ask));
      }
      assert.ok(failures > 0);
      for (const [slug, { seen }] of [['slug-1', upstream] as const, ['slug-2', good] as const]) {
        const wanted = new Set(indexes.map((index) => digest(longBody(slug, index, lines))));
        for (const { body } of seen) assert.ok(wanted.has(digest(body)));
      }
    });

  test('is never seen by another upstream, also where bodies are answered before they are sent', async (t) => {
    const hasty = await hastyUpstream(t);
    const up = { type: 'CUSTOM', base_url: hasty.url };
    const proxy = await startProxy(t, {
      // Under two names it is two origins, with connections of their own.
      providers: { a: up, b: { ...up, base_url: hasty.url.replace('127.0.0.1', 'localhost') } },
      models: {
        m: {
          endpoints: [
            { provider: 'a', slug: 'another-name' },
            { provider: 'b', slug: 'm' },
          ],
          pricing: 'none',
        },
      },
      routing: { circuit: { failures: 1_000_000 } },
    });
    let asked = 0;
    const endsAt = performance.now() + 3_000;
    const ask = async (worker: number) => {
      for (let round = 0; performance.now() < endsAt; round += 1) {
        const letter = String.fromCharCode(97 + (asked % 26));
        asked += 1;
        const content = letter.repeat((worker + round) % 3 === 0 ? 9_000_000 : 900_000);
        const body = `{"model":"m","messages":[{"role":"user","content":"${content}"}]}`;
        const headers = { 'idempotency-key': letter };
        await proxy.post('/v1/chat/completions', body, headers).then(
          (response) => response.text(),
          () => '',
        );
      }
    };
    await Promise.all([0, 1, 2, 3].map(ask));
    assert.ok(hasty.early() > 0, 'some were answered before they were sent');
    assert.equal(hasty.foreign(), 0);
  });

  test('X-70: is there until a watched model has learned from the call', async (t) => {
    const upstream = await fakeUpstream(t, { body: ANSWER });
    const dialects = ['openai-chat'];
    const proxy = await startProxy(t, {
      providers: { up: { type: 'CUSTOM', base_url: upstream.url, config: { dialects } } },
      models: { m: { provider: 'up', slug: 's', pricing: 'none' } },
    });
    const content = 'word '.repeat(200);
    const count = async () => {
      const body = { model: 'm', messages: [{ role: 'user', content }] };
      const response = await proxy.post('/v1/messages/count_tokens', body);
      return ((await response.json()) as { input_tokens: number }).input_tokens;
    };
    const before = await count();
    for (let index = 0; index < 4; index += 1) {
      const body = JSON.stringify({
        model: 'm',
        messages: [{ role: 'user', content: 'a'.repeat(100_000) }],
      });
      assert.equal((await proxy.post('/v1/chat/completions', body)).status, 200);
    }
    // A hundred bytes a token were reported; an estimate believes no more than eight.
    assert.ok((await count()) < before / 1.5);
  });
});
