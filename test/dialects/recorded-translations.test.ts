import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { OUTPUT_BUCKETS, TOKEN_BUCKETS, type TokenUsage } from '../../src/core/token-usage.ts';
import type { AnswerSource, DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import type { ChatRequest } from '../../src/dialects/ir/chat-request.ts';
import type { ChatResponse } from '../../src/dialects/ir/chat-response.ts';
import { foldParts } from '../../src/dialects/ir/fold-parts.ts';
import { asText, type JsonObject } from '../../src/dialects/json-object.ts';
import { createLosses } from '../../src/dialects/losses.ts';
import { capsOf, familyOf } from '../../src/dialects/model-caps.ts';
import { parseWire, stringifyWire } from '../../src/dialects/raw-json.ts';

/** A client's request in one API, and how a provider of another one answered its translation. */
interface Recorded {
  client_request: JsonObject;
  upstream_request: JsonObject;
  upstream_response: JsonObject;
}

const ROOT = join(import.meta.dirname, '..', 'fixtures', 'recorded', 'lingua-translations');

const APIS: Record<string, DialectId> = {
  'chat-completions': 'openai-chat',
  responses: 'openai-responses',
  anthropic: 'anthropic-messages',
  google: 'google-generate-content',
};

/** Requests that are refused, for want of a way to say them, with the words of the refusal. */
const REFUSED: Record<string, RegExp> = {
  // Chat completions have no search tool that works with every model.
  'anthropic_to_chat-completions/webSearchToolParam': /`tools\[0\]` is not supported/,
  'google_to_chat-completions/webSearchToolParam': /`tools\[0\]` is not supported/,
  // Anthropic's API tells no logprobs.
  'chat-completions_to_anthropic/logprobsParam': /`logprobs` is not supported/,
  // Gemini wants media inline; fetching them is the pipeline's work, before a dialect encodes.
  'chat-completions_to_google/chatCompletionsUrlBackedAudioFileParam': /is not fetched/,
  'chat-completions_to_google/multimodalRequest': /is not fetched/,
  'responses_to_google/multimodalRequest': /is not fetched/,
};

/** What a request has more of than its client wrote, and must. */
const ADDED: Record<string, { tools: string[]; words?: string }> = {
  // Anthropic's API has no JSON mode without a schema: a tool stands for it, and the model is told.
  'chat-completions_to_anthropic/textFormatJsonObjectParam': jsonMode(),
  'google_to_anthropic/textFormatJsonObjectParam': jsonMode(),
  'responses_to_anthropic/textFormatJsonObjectParam': jsonMode(),
  // A custom tool is a function of one string where there are only functions.
  'responses_to_google/responsesCustomToolCallStreamingParam': { tools: ['write_release_note'] },
};

function jsonMode() {
  const words = 'Reply with one JSON value only: no code fence, and no text before or behind it.\n';
  return { tools: ['json_output'], words };
}

/** Ends that the client's API has no word for: neither tells a stop string from a natural end. */
const ENDS_AS_STOP = new Set([
  'chat-completions_to_anthropic/stopSequencesParam',
  'google_to_anthropic/stopSequencesParam',
]);

for (const pair of readdirSync(ROOT)) {
  const [from = '', to = ''] = pair.split('_to_');
  const surface = APIS[from]!;
  const upstream = APIS[to]!;
  describe(`${pair}: the recorded translations of lingua`, () => {
    for (const file of readdirSync(join(ROOT, pair)).sort()) {
      const name = `${pair}/${file.replace('.json', '')}`;
      test(name, () => {
        const recorded: Recorded = JSON.parse(readFileSync(join(ROOT, pair, file), 'utf8'));
        assertMeaningKept(name, { surface, upstream, recorded });
      });
    }
  });
}

interface Case {
  surface: DialectId;
  upstream: DialectId;
  recorded: Recorded;
}

function assertMeaningKept(name: string, { surface, upstream, recorded }: Case): void {
  const body = reparse(recorded.client_request);
  const chat = dialects[surface].decodeRequest(body, { stream: false });
  const slug = asText(recorded.upstream_request['model']) ?? 'gemini-3-flash-preview';
  const losses = createLosses({ isStrict: false, model: slug, dialect: upstream });
  const family = familyOf(slug);
  const encode = () =>
    dialects[upstream].encodeRequest(
      { ...chat, model: slug },
      { model: slug, caps: capsOf(upstream, slug), family, losses },
    );
  const refused = REFUSED[name];
  if (refused) {
    assert.throws(
      encode,
      (thrown) => thrown instanceof GatewayError && refused.test(thrown.message),
    );
    return;
  }
  const encoded = encode();
  const arrived = dialects[upstream].decodeRequest(reparse(encoded.body), { stream: false });
  const asked = meaningOfRequest(chat);
  const { tools = [], words = '' } = ADDED[name] ?? {};
  assert.deepEqual(meaningOfRequest(arrived), {
    ...asked,
    words: words + asked.words,
    tools: [...asked.tools, ...tools],
  });
  // Some requests of the recording were never answered, or the provider refused them.
  if (recorded.upstream_response['error']) return;

  const source: AnswerSource = {
    family,
    toolNames: encoded.toolNames,
    customTools: new Set(chat.tools.flatMap((tool) => (tool.type === 'custom' ? tool.name : []))),
    jsonTool: encoded.jsonTool,
  };
  const given = foldParts(
    dialects[upstream].decodeResponse(reparse(recorded.upstream_response), source),
  );
  let minted = 0;
  const written = dialects[surface].encodeResponse(given, {
    request: chat,
    body,
    inputEstimate: 10,
    framing: 'sse',
    nowSeconds: 1_750_000_000,
    mintId() {
      minted += 1;
      return String(minted).padStart(24, '0');
    },
  });
  const read = foldParts(
    dialects[surface].decodeResponse(reparse(written), { ...source, jsonTool: undefined }),
  );
  const expected = meaningOfAnswer(given);
  if (ENDS_AS_STOP.has(name)) {
    for (const choice of expected.choices) choice.reason = 'stop';
  }
  assert.deepEqual(meaningOfAnswer(read), expected);
}

function reparse(body: JsonObject): JsonObject {
  return parseWire(Buffer.from(stringifyWire(body)));
}

/** What a model is told: every word, the calls and their results, and the tools. */
function meaningOfRequest({ system, turns, tools }: ChatRequest) {
  const blocks = turns.flatMap((turn) => turn.blocks);
  const words = [...system, ...blocks].flatMap((block) =>
    block.type === 'text' ? block.text : [],
  );
  return {
    words: words.join('\n'),
    calls: blocks.flatMap((block) =>
      block.type === 'tool_call' ? [[block.name, block.arguments]] : [],
    ),
    media: blocks.filter(({ type }) => type === 'image' || type === 'audio').length,
    tools: tools.flatMap((tool) => (tool.type === 'function' ? tool.name : [])),
  };
}

/** What a client is told: words, calls, why it ended, and what it took. */
function meaningOfAnswer({ choices, usage }: ChatResponse) {
  return {
    choices: choices.map(({ blocks, finish }) => ({
      words: blocks.flatMap(({ head, text }) => (head.type === 'text' ? text : [])).join(''),
      calls: blocks.flatMap(({ head, text }) =>
        head.type === 'tool_call' ? [[head.name, JSON.parse(text || '{}')]] : [],
      ),
      reason: finish.reason,
    })),
    usage: usage && totalsOf(usage),
  };
}

function totalsOf({ tokens }: TokenUsage) {
  const sum = (isOutput: boolean) =>
    TOKEN_BUCKETS.filter((bucket) => OUTPUT_BUCKETS.includes(bucket) === isOutput)
      .map((bucket) => tokens[bucket])
      .reduce((one, other) => one + other, 0);
  return { input: sum(false), output: sum(true) };
}
