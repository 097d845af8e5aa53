import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { measureText } from '../../src/dialects/measure-text.ts';
import { BYTES_PER_TOKEN } from '../../src/pipeline/request-size.ts';
import { eventually } from './eventually.ts';
import { fakeUpstream } from './fake-upstream.ts';
import { oneModelConfig, startProxy } from './start-proxy.ts';
import { createTestClock } from './test-clock.ts';

/** What every answer reports. */
export const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

/** Nanos of one such answer at the price of `oneModelConfig`. */
export const COST = 10n * 1_000n + 5n * 2_000n;

export const ANSWER = {
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    id: 'a',
    object: 'chat.completion',
    model: 'slug-1',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hi' } }],
    // Clients of Anthropic's API ask as well.
    content: [],
    usage: USAGE,
  }),
};

/** Merges into the config of a proxy; `up` is the provider, `m` the model, `k` the API key. */
export interface Limits {
  key?: Record<string, unknown>;
  model?: Record<string, unknown>;
  config?: Record<string, unknown>;
}

export const API_KEY = 'sk-client-0001';

/** A config with an API key `k`, the limits given, and model `m` at that upstream. */
export function limitedConfig(
  url: string,
  { key, model, config }: Limits,
): Record<string, unknown> {
  const base = oneModelConfig(url);
  return {
    ...base,
    ...config,
    models: {
      ...(config?.['models'] as object | undefined),
      m: { ...(base['models'] as { m: object }).m, ...model },
    },
    api_keys: { k: { key: API_KEY, models: ['*'], ...key } },
  };
}

/**
 * A proxy with limits, on a clock that stands still, before an upstream that answers at once, or
 * in a burst when all calls are there.
 */
export async function startLimited(t: TestContext, limits: Limits) {
  const clock = createTestClock();
  const waiting: ServerResponse[] = [];
  let isHolding = false;
  const upstream = await fakeUpstream(t, (_request, response) => {
    if (!isHolding) return ANSWER;
    waiting.push(response);
    return undefined;
  });
  const proxy = await startProxy(t, limitedConfig(upstream.url, limits), { clock });
  const authorization = `Bearer ${API_KEY}`;
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await proxy.post(path, body, { authorization, ...headers });
    // Read to its end: what a test leaves unread keeps a connection busy.
    return new Response(await response.arrayBuffer(), response);
  };
  /** One chat call; `changes` go into its body. */
  const call = (changes: Record<string, unknown> = {}) =>
    post('/v1/chat/completions', chatBody(changes));
  return {
    ...proxy,
    clock,
    upstream,
    post,
    call,
    /**
     * Makes so many calls at once and lets the upstream answer none until all but the passing ones have
     * been refused; returns how many answers have each status.
     */
    async burst(count: number, passing: number): Promise<Record<number, number>> {
      isHolding = true;
      let answered = 0;
      const calls = Array.from({ length: count }, async () => {
        const response = await call();
        answered += 1;
        return response;
      });
      await eventually('the calls that are to pass', () => waiting.length >= passing);
      await eventually('the refusals', () => answered >= count - passing);
      isHolding = false;
      for (const response of waiting.splice(0)) {
        response.writeHead(200, ANSWER.headers).end(ANSWER.body);
      }
      return countStatuses(calls);
    },
  };
}

/** The body of one chat call. */
export function chatBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const messages = [{ role: 'user', content: 'Say hello to everybody.' }];
  return { model: 'm', max_tokens: 50, messages, ...changes };
}

/** What a body is taken for before anybody has counted. */
export function estimateInput(body: unknown): number {
  return Math.ceil(measureText(Buffer.from(JSON.stringify(body))) / BYTES_PER_TOKEN);
}

/** How many answers have each status. */
export async function countStatuses(calls: Promise<Response>[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const response of await Promise.all(calls)) {
    await response.arrayBuffer();
    counts[response.status] = (counts[response.status] ?? 0) + 1;
  }
  return counts;
}
