import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { OUTPUT_BUCKETS, TOKEN_BUCKETS, type TokenUsage } from '../../src/core/token-usage.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import type { ChatRequest } from '../../src/dialects/ir/chat-request.ts';
import type { ChatResponse } from '../../src/dialects/ir/chat-response.ts';
import { foldParts } from '../../src/dialects/ir/fold-parts.ts';
import {
  type RecordedTranslation,
  recordedTranslations,
  translateAnswer,
  translateRecorded,
} from '../support/recorded-translations.ts';

/** Requests that are refused, for want of a way to say them, with the words of the refusal. */
const REFUSED: Record<string, RegExp> = {
  // Chat completions have no search tool that works with every model.
  'anthropic_to_chat-completions/webSearchToolParam': /`tools\[0\]` is not supported/,
  'google_to_chat-completions/webSearchToolParam': /`tools\[0\]` is not supported/,
  'responses_to_chat-completions/webSearchToolParam': /`tools\[0\]` is not supported/,
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

const RECORDINGS = recordedTranslations();

for (const pair of new Set(RECORDINGS.map((each) => each.pair))) {
  describe(`${pair}: the recorded translations of lingua`, () => {
    for (const recording of RECORDINGS.filter((each) => each.pair === pair)) {
      test(recording.name, () => assertMeaningKept(recording));
    }
  });
}

function assertMeaningKept(recording: RecordedTranslation): void {
  const { name, surface, upstream, recorded } = recording;
  const refused = REFUSED[name];
  if (refused) {
    assert.throws(
      () => translateRecorded(recording),
      (thrown) => thrown instanceof GatewayError && refused.test(thrown.message),
    );
    return;
  }
  const translated = translateRecorded(recording);
  const arrived = dialects[upstream].decodeRequest(translated.sent, { stream: false });
  const asked = meaningOfRequest(translated.chat);
  const { tools = [], words = '' } = ADDED[name] ?? {};
  assert.deepEqual(meaningOfRequest(arrived), {
    ...asked,
    words: words + asked.words,
    tools: [...asked.tools, ...tools],
  });
  // Some requests of the recording were never answered, or the provider refused them.
  if (recorded.upstream_response['error']) return;

  const { given, written } = translateAnswer(recording, translated);
  const read = foldParts(
    dialects[surface].decodeResponse(written, { ...translated.source, jsonTool: undefined }),
  );
  const expected = meaningOfAnswer(given);
  if (ENDS_AS_STOP.has(name)) {
    for (const choice of expected.choices) choice.reason = 'stop';
  }
  assert.deepEqual(meaningOfAnswer(read), expected);
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
