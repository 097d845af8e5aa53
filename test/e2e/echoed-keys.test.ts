import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FakeAnswer, fakeUpstream, type SeenRequest, sse } from '../support/fake-upstream.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { WIRES } from '../support/wires.ts';

const KEY = 'sk-upstream-secret-0001';
const SECRET = 'configured-secret-0002';

/** What an upstream says that repeats all it was sent. */
function sayAll({ headers }: SeenRequest): string {
  const sent = [headers.authorization, headers['x-api-key'], headers['x-goog-api-key']];
  return `Seen ${sent.join(' ')} and ${headers['x-secret']}.`;
}

/** Where it says so. */
const ERRORS: Record<string, (said: string) => FakeAnswer> = {
  'a refusal': (said) => ({ status: 400, body: JSON.stringify({ error: { message: said } }) }),
  'a failure': (said) => ({ status: 500, body: said }),
  'its headers': (said) => ({ status: 400, headers: { 'x-request-id': said }, body: '{}' }),
  'an error inside of a success': (said) => ({
    body: JSON.stringify({ error: { message: said } }),
  }),
  'an error inside of a stream': (said) => ({
    headers: { 'content-type': 'text/event-stream' },
    body: sse({ type: 'error', error: { message: said, type: 'x' } }),
  }),
};

describe('an upstream that repeats what it was sent', () => {
  for (const [where, answer] of Object.entries(ERRORS)) {
    test(`SEC-3: in ${where} tells neither the client nor the log our key`, async (t) => {
      let asked = 0;
      const upstream = await fakeUpstream(t, (request) => {
        const said = sayAll(request);
        assert.ok(said.includes(KEY) && said.includes(SECRET));
        asked += 1;
        return answer(said);
      });
      const { providers, models } = oneModelConfig(upstream.url) as {
        providers: { up: object };
        models: object;
      };
      const headers = { 'x-secret': SECRET };
      const chatOnly = { headers, dialects: ['openai-chat'] };
      const logger = createRecordingLogger();
      const proxy = await startProxy(
        t,
        {
          providers: {
            up: {
              ...providers.up,
              config: { ...(providers.up as { config: object }).config, headers },
            },
            chat: { ...providers.up, config: chatOnly },
          },
          models: { ...models, chat: { provider: 'chat', slug: 's', pricing: 'none' } },
          routing: { circuit: { failures: 1_000 } },
        },
        { logger },
      );
      for (const wire of WIRES) {
        for (const model of ['m', 'chat']) {
          const isStream = where.includes('stream');
          const response = await proxy.post(
            wire.path(model, isStream),
            wire.request(model, isStream),
          );
          const told = JSON.stringify([...response.headers]) + (await response.text());
          for (const secret of [KEY, SECRET]) assert.ok(!told.includes(secret), told);
        }
      }
      assert.ok(asked >= 8);
      const logged = JSON.stringify(logger.entries);
      for (const secret of [KEY, SECRET]) assert.ok(!logged.includes(secret), logged);
    });
  }
});
