import { createHash } from 'node:crypto';
import type { EncodeTarget } from '../dialect.ts';
import type { ChatRequest } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { clampEffort, requestedEffort } from '../reasoning-effort.ts';

/** The most stop strings that the API takes: https://platform.openai.com/docs/api-reference/chat/create */
const MAX_STOPS = 4;
const MAX_END_USER = 128;

/** The sampling parameters and the stop strings. */
export function encodeSampling(request: ChatRequest, target: EncodeTarget): JsonObject {
  const { caps, losses } = target;
  const { sampling, logprobs, n } = request;
  const drawn: JsonObject = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
  };
  if (sampling.topK !== undefined) losses.drop('dropped', 'top_k');
  return {
    ...(caps.sampling ? drawn : dropAll(drawn, target)),
    seed: sampling.seed,
    logit_bias: sampling.logitBias,
    n: n > 1 ? n : undefined,
    logprobs: logprobs && true,
    top_logprobs: logprobs && logprobs.top > 0 ? logprobs.top : undefined,
    stop: encodeStop(request, target),
  };
}

/** Stop strings beyond those that the API or the model takes are emulated in the answer. */
function encodeStop({ stop }: ChatRequest, { caps, losses }: EncodeTarget): string[] | undefined {
  if (stop.length === 0) return undefined;
  if (!caps.stop_sequences || stop.length > MAX_STOPS) losses.drop('emulated', 'stop');
  return caps.stop_sequences ? stop.slice(0, MAX_STOPS) : undefined;
}

/** The maximum length of the answer, and the reasoning effort. */
export function encodeLimits({ output, reasoning }: ChatRequest, target: EncodeTarget): JsonObject {
  const { caps } = target;
  // Anthropic's clients fill a prompt cache with it, without an answer.
  if (output.maxTokens === 0) throw target.losses.refuse('max_tokens');
  return {
    [caps.legacy_max_tokens ? 'max_tokens' : 'max_completion_tokens']: output.maxTokens,
    reasoning_effort: encodeEffort(reasoning, target),
  };
}

function encodeEffort(
  reasoning: ChatRequest['reasoning'],
  { caps, losses }: EncodeTarget,
): string | undefined {
  const asked = requestedEffort(reasoning);
  if (asked === undefined) return undefined;
  if (!caps.reasoning) {
    if (asked !== 'none') losses.drop('dropped', 'reasoning');
    return undefined;
  }
  const effort = clampEffort(asked, caps.efforts);
  if (effort === asked) return effort;
  // Models that always reason refuse `none`, and have no weaker effort.
  losses.drop(asked === 'none' ? 'dropped' : 'clamped', 'reasoning_effort');
  return asked === 'none' ? undefined : effort;
}

/** Hints beside the answer itself, which only OpenAI's own models are known to accept. */
export function encodeHints(request: ChatRequest, target: EncodeTarget): JsonObject {
  const { cache, endUser, metadata, output, tier } = request;
  const hints: JsonObject = {
    safety_identifier: endUser === undefined ? undefined : fitEndUser(endUser),
    prompt_cache_key: cache.key,
    service_tier: tier,
    verbosity: output.verbosity,
  };
  // OpenAI takes metadata only for answers that it stores.
  if (metadata !== undefined) target.losses.drop('dropped', 'metadata');
  if (cache.mark !== undefined) target.losses.drop('dropped', 'cache_control');
  return {
    ...(target.caps.openai_hints ? hints : dropAll(hints, target)),
    ...encodeSharedHints(request, target),
  };
}

function fitEndUser(endUser: string): string {
  if (endUser.length <= MAX_END_USER) return endUser;
  return createHash('sha256').update(endUser).digest('hex');
}

const SHARED_HINTS = ['moderation', 'prompt_cache_options', 'prompt_cache_retention'];

/** Hints that have the same name in the Responses API; all others of another dialect are lost. */
function encodeSharedHints({ extra }: ChatRequest, { caps, losses }: EncodeTarget): JsonObject {
  const taken: JsonObject = {};
  const foreign = Object.entries(extra).filter(([dialect]) => dialect !== 'openai-chat');
  for (const [name, value] of foreign.flatMap(([, fields]) => Object.entries(fields))) {
    const isCaching = name === 'prompt_cache_options';
    const isKnown = SHARED_HINTS.includes(name) && caps.openai_hints;
    if (isKnown && (!isCaching || caps.prompt_cache === 'explicit')) taken[name] = value;
    else losses.drop('dropped', name);
  }
  return taken;
}

function dropAll(members: JsonObject, { losses }: EncodeTarget): JsonObject {
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) losses.drop('dropped', name);
  }
  return {};
}
