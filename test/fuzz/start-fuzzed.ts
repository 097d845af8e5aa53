import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import type { Wire } from '../support/wires.ts';
import { watchMemory } from './watch-memory.ts';

/** The dialects by the names of their wires, which are those of models that speak nothing else. */
export const DIALECTS: Record<Wire['name'], string> = {
  chat: 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  gemini: 'google-generate-content',
};

/** A proxy with a model `m` at the upstream's own dialect, and a model for each single dialect. */
export async function startFuzzed(t: TestContext, upstream: { url: string; seen: unknown[] }) {
  const { providers, models } = oneModelConfig(upstream.url) as {
    providers: { up: object };
    models: { m: object };
  };
  const single = Object.entries(DIALECTS);
  const logger = createRecordingLogger();
  const config = {
    providers: {
      ...providers,
      ...Object.fromEntries(
        single.map(([name, dialect]) => [
          name,
          { ...providers.up, timeout: '5s', config: { dialects: [dialect] } },
        ]),
      ),
    },
    models: {
      ...models,
      ...Object.fromEntries(single.map(([name]) => [name, { ...models.m, provider: name }])),
    },
    // What keeps failing on purpose must go on being asked.
    routing: { circuit: { failures: 1_000_000 } },
  };
  const proxy = await startProxy(t, config, { logger });
  const checkMemory = watchMemory();
  return {
    ...proxy,
    /** After each case: nothing broke, nothing grew. */
    check() {
      const entries = logger.entries.splice(0);
      upstream.seen.length = 0;
      assert.deepEqual(
        entries.filter(({ message }) => /unexpectedly/.test(message)),
        [],
      );
      checkMemory();
    },
  };
}
