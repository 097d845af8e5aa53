import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { DialectId } from '../../src/dialects/dialect.ts';
import { asObject, isObject, type JsonObject } from '../../src/dialects/json-object.ts';
import { readEvents } from '../simulator/ask.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { meteredAnswer } from '../support/metered-answers.ts';
import { startProxy } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

/** What a client can read of a usage: the whole input and output, and the slices of each. */
interface Shown {
  in: number;
  cached: number;
  written: number;
  out: number;
  reasoning: number;
}

interface Vector {
  upstream: DialectId;
  /** As the upstream reports it. */
  usage: JsonObject;
  /** The ledger's tokens by kind. */
  tokens: Record<string, number>;
  shown: Shown;
}

/** Worked examples of usage, as each API reports it. */
const VECTORS: Record<string, Vector> = {
  V1: {
    upstream: 'openai-responses',
    usage: {
      input_tokens: 18014,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 18011 },
      output_tokens: 5,
      total_tokens: 18019,
    },
    tokens: { input_text: 3, cache_write_30m: 18011, output_text: 5 },
    shown: { in: 18014, cached: 0, written: 18011, out: 5, reasoning: 0 },
  },
  V2: {
    upstream: 'openai-responses',
    usage: {
      input_tokens: 18014,
      input_tokens_details: { cached_tokens: 18011, cache_write_tokens: 0 },
      output_tokens: 5,
      total_tokens: 18019,
    },
    tokens: { input_text: 3, cache_read_text: 18011, output_text: 5 },
    shown: { in: 18014, cached: 18011, written: 0, out: 5, reasoning: 0 },
  },
  V3: {
    upstream: 'openai-chat',
    usage: {
      prompt_tokens: 16202,
      prompt_tokens_details: { cached_tokens: 15802 },
      completion_tokens: 9,
      total_tokens: 16211,
    },
    tokens: { input_text: 400, cache_read_text: 15802, output_text: 9 },
    shown: { in: 16202, cached: 15802, written: 0, out: 9, reasoning: 0 },
  },
  V4: {
    upstream: 'anthropic-messages',
    usage: {
      input_tokens: 12,
      cache_creation_input_tokens: 2000,
      cache_creation: null,
      cache_read_input_tokens: 500,
      output_tokens: 90,
      output_tokens_details: { thinking_tokens: 60 },
    },
    tokens: {
      input_text: 12,
      cache_read_text: 500,
      cache_write_5m: 2000,
      output_text: 30,
      reasoning: 60,
    },
    shown: { in: 2512, cached: 500, written: 2000, out: 90, reasoning: 60 },
  },
  V5: {
    upstream: 'google-generate-content',
    usage: {
      promptTokenCount: 20,
      candidatesTokenCount: 198,
      thoughtsTokenCount: 405,
      totalTokenCount: 623,
    },
    tokens: { input_text: 20, output_text: 198, reasoning: 405 },
    shown: { in: 20, cached: 0, written: 0, out: 603, reasoning: 405 },
  },
  V6: {
    upstream: 'google-generate-content',
    usage: {
      promptTokenCount: 100,
      candidatesTokenCount: 150,
      thoughtsTokenCount: 100,
      totalTokenCount: 250,
    },
    tokens: { input_text: 100, output_text: 50, reasoning: 100 },
    shown: { in: 100, cached: 0, written: 0, out: 150, reasoning: 100 },
  },
  V7: {
    upstream: 'google-generate-content',
    usage: { promptTokenCount: 8175, totalTokenCount: 8175 },
    tokens: { input_text: 8175 },
    shown: { in: 8175, cached: 0, written: 0, out: 0, reasoning: 0 },
  },
  V8: {
    upstream: 'google-generate-content',
    usage: {
      promptTokenCount: 300,
      promptTokensDetails: [
        { modality: 'IMAGE', tokenCount: 258 },
        { modality: 'TEXT', tokenCount: 42 },
      ],
      cachedContentTokenCount: 40,
      cacheTokensDetails: [{ modality: 'TEXT', tokenCount: 40 }],
      candidatesTokenCount: 10,
      totalTokenCount: 310,
    },
    tokens: { input_text: 2, input_image: 258, cache_read_text: 40, output_text: 10 },
    shown: { in: 300, cached: 40, written: 0, out: 10, reasoning: 0 },
  },
};

/** Nanos per token of each kind, all different, so that a token in another's place costs another sum. */
const NANOS: Record<string, number> = {
  input_text: 3_000,
  input_image: 5_000,
  cache_read_text: 300,
  cache_write_5m: 3_750,
  cache_write_30m: 3_750,
  output_text: 15_000,
  reasoning: 20_000,
};

const PRICING = {
  input: { text_cost_per_1k_tokens: '0.003', image_cost_per_1k_tokens: '0.005' },
  output: { text_cost_per_1k_tokens: '0.015', reasoning_cost_per_1k_tokens: '0.02' },
  cache_read_cost_per_1k_tokens: '0.0003',
  cache_write_5m_cost_per_1k_tokens: '0.00375',
};

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** How clients of OpenAI's APIs read a usage, which differs in what the two directions are called. */
const readOpenAi = (input: string, output: string) => (usage: JsonObject) => {
  const sentDetails = asObject(usage[`${input}_tokens_details`]);
  const madeDetails = asObject(usage[`${output}_tokens_details`]);
  const [sent, made] = [count(usage[`${input}_tokens`]), count(usage[`${output}_tokens`])];
  assert.equal(usage['total_tokens'], sent + made);
  return {
    in: sent,
    cached: count(sentDetails['cached_tokens']),
    written: count(sentDetails['cache_write_tokens']),
    out: made,
    reasoning: count(madeDetails['reasoning_tokens']),
  };
};

/** How a client of each API reads a usage; what its own sums say is checked on the way. */
const READERS: Record<Wire['name'], (usage: JsonObject) => Shown> = {
  chat: readOpenAi('prompt', 'completion'),
  responses: readOpenAi('input', 'output'),
  // The input is what no cache gave or took.
  messages(usage) {
    const cached = count(usage['cache_read_input_tokens']);
    const written = count(usage['cache_creation_input_tokens']);
    return {
      in: count(usage['input_tokens']) + cached + written,
      cached,
      written,
      out: count(usage['output_tokens']),
      reasoning: count(asObject(usage['output_tokens_details'])['thinking_tokens']),
    };
  },
  // Thoughts stand beside the candidates; what a cache took has no member.
  gemini(usage) {
    const reasoning = count(usage['thoughtsTokenCount']);
    const sent = count(usage['promptTokenCount']) + count(usage['toolUsePromptTokenCount']);
    const made = count(usage['candidatesTokenCount']) + reasoning;
    assert.equal(usage['totalTokenCount'], sent + made);
    return {
      in: sent,
      cached: count(usage['cachedContentTokenCount']),
      written: 0,
      out: made,
      reasoning,
    };
  },
};

/** Where each API tells the usage of a whole answer, or of a stream's events. */
const USAGE_OF: Record<Wire['name'], (answers: JsonObject[]) => unknown> = {
  chat: (answers) => answers.findLast((each) => each['usage'])?.['usage'],
  responses: (answers) => asObject(answers.at(-1)?.['response'] ?? answers.at(-1))['usage'],
  messages: (answers) => answers.findLast((each) => each['usage'])?.['usage'],
  gemini: (answers) => answers.at(-1)?.['usageMetadata'],
};

const DIALECTS: Record<Wire['name'], DialectId> = {
  chat: 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  gemini: 'google-generate-content',
};

async function startVectors(t: TestContext) {
  const upstream = await fakeUpstream(t, ({ url, body }) => {
    const [name = ''] = /V\d/.exec(url + body) ?? [];
    const { upstream: dialect, usage } = VECTORS[name]!;
    const stream = url.includes('stream') || JSON.parse(body.toString()).stream === true;
    return meteredAnswer(dialect, usage, { stream });
  });
  const provider = (dialect: string) => ({
    type: 'CUSTOM',
    base_url: upstream.url,
    config: { dialects: [dialect] },
  });
  return startProxy(t, {
    providers: Object.fromEntries(Object.values(DIALECTS).map((each) => [each, provider(each)])),
    models: Object.fromEntries(
      Object.entries(VECTORS).map(([name, each]) => [
        name,
        { provider: each.upstream, pricing: PRICING },
      ]),
    ),
  });
}

type Proxy = Awaited<ReturnType<typeof startVectors>>;

/** What the wire's client is told of the vector's answer. */
async function ask(proxy: Proxy, name: string, wire: Wire, stream: boolean): Promise<JsonObject> {
  const answer = await proxy.post(wire.path(name, stream), wire.request(name, stream));
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  const answers = stream ? readEvents(text).filter(isObject) : [JSON.parse(text)];
  return asObject(USAGE_OF[wire.name](answers));
}

function assertTold(
  told: JsonObject,
  wire: Wire,
  { upstream, usage, shown }: Vector,
  where: string,
) {
  // Its own dialect passes as it came.
  if (DIALECTS[wire.name] === upstream) return assert.deepEqual(told, usage, where);
  const written = wire.name === 'gemini' ? 0 : shown.written;
  assert.deepEqual(READERS[wire.name](told), { ...shown, written }, where);
}

/** The tokens of a vector at their prices. */
function costOf({ tokens }: Vector): number {
  const nanos = Object.entries(tokens).map(([kind, each]) => each * (NANOS[kind] ?? Number.NaN));
  return nanos.reduce((sum, each) => sum + each, 0);
}

describe('the worked examples of usage', () => {
  for (const [name, vector] of Object.entries(VECTORS)) {
    test(`${name}: tokens and cost are the same whichever surface asked, and each tells them its own way`, async (t) => {
      const proxy = await startVectors(t);
      const { in: sent, out: made } = vector.shown;
      for (const wire of WIRES) {
        for (const stream of [false, true]) {
          const where = `${wire.name}, ${stream ? 'streamed' : 'whole'}`;
          assertTold(await ask(proxy, name, wire, stream), wire, vector, where);
          const line = (await proxy.ledger()).at(-1);
          assert.deepEqual(line?.tokens, { in: sent, out: made, ...vector.tokens }, where);
          assert.equal(line?.['cost_nanos_usd'], costOf(vector), where);
          assert.equal(line?.['usage_source'], 'reported', where);
        }
      }
    });
  }
});
