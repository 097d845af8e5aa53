import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { ask } from '../simulator/ask.ts';
import {
  DIALECTS,
  type DialectCase,
  type Question,
  readAnswer,
} from '../simulator/dialect-cases.ts';
import { startProxy } from '../support/start-proxy.ts';

const QUESTIONS: Record<string, Question> = {
  text: { text: 'Say hello to the world, please.', system: 'Be kind.' },
  'an answer cut short': { text: '[[tokens 60]] Tell me a story.', maxTokens: 20 },
  'a forced tool call': {
    text: 'What is the weather?',
    tools: ['get_weather'],
    toolChoice: 'required',
  },
  'two parallel tool calls': {
    text: '[[tool get_weather {"city":"Paris","days":3}]] [[tool get_time {"city":"Rome","days":9}]]',
    tools: ['get_weather', 'get_time'],
  },
  reasoning: { text: 'Think about it.', reasoning: true, maxTokens: 4000 },
  'structured output': {
    text: 'Give me a city.',
    schema: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
};

/** One provider for each dialect, which all speak to the same simulator. */
function matrixConfig(simulatorUrl: string): Record<string, unknown> {
  const names = DIALECTS.map(({ name }) => name);
  const price = { input: { text_cost_per_1k_tokens: 1 }, output: { text_cost_per_1k_tokens: 2 } };
  return {
    providers: Object.fromEntries(
      names.map((name) => [
        name,
        { type: 'CUSTOM', base_url: simulatorUrl, config: { dialects: [name] } },
      ]),
    ),
    models: Object.fromEntries(
      names.map((name) => [`via-${name}`, { provider: name, slug: 'm', pricing: price }]),
    ),
  };
}

type Proxy = Awaited<ReturnType<typeof startProxy>>;

interface Pair {
  surface: DialectCase;
  upstream: DialectCase;
  simulator: Simulator;
  proxy: Proxy;
}

/** Asks through the proxy and at once the simulator itself, and compares what a client reads. */
async function assertSame({ surface, upstream, simulator, proxy }: Pair, question: Question) {
  const path = surface.path(question.stream === true);
  const request = surface.request(question);
  const direct = readAnswer(surface, await ask(simulator, path, request));
  const model = `via-${upstream.name}`;
  const through = await ask(
    { ...simulator, url: proxy.url },
    path.replace('/m:', `/${model}:`),
    JSON.stringify(request).replace('"model":"m"', `"model":"${model}"`),
  );
  assert.equal(through.status, 200, through.text);
  const reading = readAnswer(surface, through);
  assert.equal(reading.text, direct.text);
  assert.deepEqual(reading.calls, direct.calls);
  assert.equal(reading.finish, direct.finish);
  // The others ask for it by saying nothing against it, which no other dialect takes up.
  if (surface.name === 'openai-chat') assert.equal(reading.reasoning, direct.reasoning);
  const line = (await proxy.ledger()).at(-1);
  assert.equal(line?.['usage_source'], 'reported');
  assert.equal(line?.tokens?.['out'], reading.usage.output);
  assert.equal(line?.tokens?.['in'], reading.usage.input);
}

describe('translation', () => {
  for (const surface of DIALECTS) {
    for (const upstream of DIALECTS) {
      test(`API-4, X-81: a client of ${surface.name} reads what ${upstream.name} says, streamed and plain`, async (t) => {
        const simulator = await startSimulator();
        t.after(() => simulator.close());
        const proxy = await startProxy(t, matrixConfig(simulator.url));
        const pair = { surface, upstream, simulator, proxy };
        for (const [name, question] of Object.entries(QUESTIONS)) {
          t.diagnostic(name);
          await assertSame(pair, question);
          await assertSame(pair, { ...question, stream: true });
        }
      });
    }
  }
});
