import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { type FakeAnswer, fakeUpstream, sse } from './fake-upstream.ts';
import type { TestClock } from './test-clock.ts';

/** How long an upstream takes, by a clock that it moves itself. */
export interface Timing {
  ttftMs: number;
  /** From the first token to the end. */
  generationMs: number;
}

/** What every answer of a timed upstream reports. */
export const TIMED_USAGE = { prompt_tokens: 10, completion_tokens: 100, total_tokens: 110 };

const [WORD = '', ...END] = sse(
  { choices: [{ index: 0, delta: { content: 'Hello' } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: TIMED_USAGE },
  '[DONE]',
);

/**
 * An upstream of chat completions whose answers take that long by the test's clock, and no time by
 * any other. A stream stops behind its first token until `finish`.
 */
export async function timedUpstream(t: TestContext, clock: TestClock, timing: Timing) {
  let unfinished: ServerResponse | null = null;
  const upstream = await fakeUpstream(t, ({ body }, response): FakeAnswer | undefined => {
    clock.advance(timing.ttftMs);
    if (JSON.parse(body.toString()).stream === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(WORD);
      unfinished = response;
      return undefined;
    }
    clock.advance(timing.generationMs);
    return { body: JSON.stringify({ choices: [], usage: TIMED_USAGE }) };
  });
  return {
    ...upstream,
    finish() {
      if (unfinished === null) return;
      clock.advance(timing.generationMs);
      unfinished.end(END.join(''));
      unfinished = null;
    },
  };
}
