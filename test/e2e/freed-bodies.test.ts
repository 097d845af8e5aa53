import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
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
