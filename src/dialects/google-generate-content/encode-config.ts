import type { EncodeTarget } from '../dialect.ts';
import type { ChatRequest } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { encodeThinking } from './encode-thinking.ts';

/** The most stop strings that the API takes. https://ai.google.dev/api/generate-content#generationconfig */
const MAX_STOPS = 5;
const MAX_LOGPROBS = 20;

/** Throws 400 for fields that would change the form of the answer and that this API does not have. */
export function refuseUnsayable(request: ChatRequest, target: EncodeTarget): void {
  const { output, n, stream } = request;
  if (output.modalities?.some((each) => each !== 'text')) throw target.losses.refuse('modalities');
  // Anthropic's clients fill a prompt cache with it, without an answer.
  if (output.maxTokens === 0) throw target.losses.refuse('max_tokens');
  if (n > 1 && stream) throw target.losses.refuse('n');
}

/** The generation settings, except the format of the answer. */
export function encodeConfig(request: ChatRequest, target: EncodeTarget): JsonObject {
  const { logprobs, n, reasoning } = request;
  const members = {
    ...encodeSampling(request, target),
    maxOutputTokens: encodeLimit(request, target),
    stopSequences: encodeStop(request, target),
    candidateCount: n > 1 ? n : undefined,
    responseLogprobs: logprobs && true,
    logprobs: logprobs && logprobs.top > 0 ? Math.min(logprobs.top, MAX_LOGPROBS) : undefined,
    thinkingConfig: encodeThinking(reasoning, target),
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Only settings of the client are sent, never defaults of ours. */
function encodeSampling({ sampling }: ChatRequest, { caps, losses }: EncodeTarget): JsonObject {
  if (sampling.logitBias !== undefined) losses.drop('dropped', 'logit_bias');
  const drawn = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
  };
  if (!caps.sampling) {
    for (const [field, value] of Object.entries(drawn)) {
      if (value !== undefined) losses.drop('dropped', field);
    }
    return { seed: sampling.seed };
  }
  return {
    temperature: drawn.temperature,
    topP: drawn.top_p,
    topK: drawn.top_k,
    seed: sampling.seed,
    presencePenalty: drawn.presence_penalty,
    frequencyPenalty: drawn.frequency_penalty,
  };
}

function encodeLimit({ output }: ChatRequest, { caps, losses }: EncodeTarget): number | undefined {
  const { maxTokens } = output;
  const limit = caps.max_output_tokens;
  if (maxTokens === undefined || limit === undefined || maxTokens <= limit) return maxTokens;
  losses.drop('clamped', 'max_tokens');
  return limit;
}

/** Stop strings beyond those that the API or the model takes are emulated in the answer. */
function encodeStop({ stop }: ChatRequest, { caps, losses }: EncodeTarget): string[] | undefined {
  if (stop.length === 0) return undefined;
  if (!caps.stop_sequences || stop.length > MAX_STOPS) losses.drop('emulated', 'stop');
  return caps.stop_sequences ? stop.slice(0, MAX_STOPS) : undefined;
}
